/* What an engine makes of its options on callers. */
import { Access, type AccessRule } from '../auth/index.js';
import { StageflowError } from '../errors/index.js';
import type { CallerOptions } from './caller-options.js';

/** The options, checked once. */
export interface CallerRules extends CallerOptions {
  readonly verifyMs: number;
  readonly anonymousCallers: boolean;
  readonly trustedCallers: boolean;
  /** There is a way to learn who calls, so that access rules mean something. */
  readonly known: boolean;
  /** The rules of a stage that has none of its own; null if whoever gets there may use it. */
  readonly unruled: readonly AccessRule[] | null;
}

/** @throws AUTH_OPTION_INVALID for what is no verifier */
export function readCallerOptions(options: CallerOptions): CallerRules {
  const { verifier, verifyMs = 10_000, maxTokenBytes, onVerifierFault } = options;
  const anonymousCallers = options.anonymousCallers === true;
  const trustedCallers = options.trustedCallers === true;
  if (verifier !== undefined && typeof (verifier as { verify?: unknown } | null)?.verify !== 'function') {
    throw noVerifier();
  }
  return {
    ...(verifier === undefined ? {} : { verifier }),
    ...(maxTokenBytes === undefined ? {} : { maxTokenBytes }),
    ...(onVerifierFault === undefined ? {} : { onVerifierFault }),
    verifyMs,
    anonymousCallers,
    trustedCallers,
    known: verifier !== undefined || trustedCallers,
    unruled: verifier !== undefined && anonymousCallers ? [Access.authenticated()] : null,
  };
}

function noVerifier(): StageflowError {
  return new StageflowError({
    code: 'AUTH_OPTION_INVALID',
    message: 'The verifier of the application has no method verify.',
    fix: 'Give a TokenVerifier, such as a JwtVerifier, or leave verifier out.',
    details: { option: 'verifier' },
  });
}
