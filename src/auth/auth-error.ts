import { StageflowError } from '../errors/index.js';
import { type AuthFailureReason, EXPLANATIONS } from './auth-failure.js';
import type { VerifierFault } from './verifier-fault.js';

/** What may be told of a refusal besides its reason. */
export interface AuthErrorFacts {
  /** The NAME of the claim that is missing or wrong, as the program knows it. Never a value. */
  readonly claim?: string;
  /** What broke, if the verifier did. */
  readonly fault?: VerifierFault;
}

/**
 * The caller was not recognised: `reason` says why, from a closed set. Throw it from a `TokenVerifier` of your own. Neither
 * message nor details nor cause ever hold the token, a part of it, or a value out of it.
 */
export class AuthError extends StageflowError {
  readonly #reason: AuthFailureReason;
  readonly #facts: AuthErrorFacts;

  constructor(reason: AuthFailureReason, facts: AuthErrorFacts = {}) {
    const known = Object.hasOwn(EXPLANATIONS, reason) ? reason : 'verifier-failed';
    const { code, message, fix } = EXPLANATIONS[known];
    const { claim, fault } = facts;
    super({
      code,
      message: `${message}${aboutClaim(message, claim)}${fault === undefined ? '' : ` ${describe(fault)}`}`,
      fix,
      details: { ...fault, reason: known, ...(claim === undefined ? {} : { claim }) },
    });
    this.#reason = known;
    this.#facts = facts;
  }

  get reason(): AuthFailureReason {
    return this.#reason;
  }

  /** The name of the claim that is missing or wrong, if it was one. */
  get claim(): string | null {
    return this.#facts.claim ?? null;
  }

  /** What an AuthError was made of, read past whatever a subclass overrides. `undefined` for anything else. */
  static partsOf(value: unknown): { readonly reason: AuthFailureReason; readonly facts: AuthErrorFacts } | undefined {
    if (typeof value !== 'object' || value === null || !(#reason in value)) return undefined;
    return { reason: value.#reason, facts: value.#facts };
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), reason: this.#reason };
  }
}

function aboutClaim(message: string, claim: string | undefined): string {
  if (claim !== undefined) return message.endsWith('.') ? ` It is about claim "${claim}".` : `: "${claim}".`;
  return message.endsWith('.') ? '' : '.';
}

function describe({ verifier, problem, systemCode }: VerifierFault): string {
  return `${verifier} ${problem}${systemCode === undefined ? '' : ` (${systemCode})`}.`;
}
