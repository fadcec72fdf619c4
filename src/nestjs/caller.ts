import type { ExecutionContext } from '@nestjs/common';
import { AuthContext, type OrgContext } from '../auth/index.js';
import type { RunInput } from '../run/index.js';

/**
 * Who calls: a verified identity, one with its organisation, or a token for the verifier to check. Null and undefined
 * stand for an anonymous caller.
 */
export type NestCaller =
  | AuthContext
  | { readonly auth: AuthContext; readonly org?: OrgContext }
  | { readonly token: string | null | undefined; readonly org?: OrgContext }
  | null
  | undefined;

/** Reads the caller of a request that the guards have let pass. What it throws is the answer to the request. */
export type ReadCaller = (context: ExecutionContext) => NestCaller | Promise<NestCaller>;

/** What goes on around a handler: who calls, and with which request. */
export interface Call {
  readonly caller: NestCaller;
  /** What Nest injects for `REQUEST`. */
  readonly request: unknown;
}

/** The input of a run with the caller of the request around it, unless the input says itself who calls. */
export function withCaller(input: RunInput, call: Call | undefined): RunInput {
  const caller = call?.caller;
  if (caller == null || input.auth !== undefined || input.token !== undefined) return input;
  return AuthContext.is(caller) ? { ...input, auth: caller } : { ...caller, ...input };
}
