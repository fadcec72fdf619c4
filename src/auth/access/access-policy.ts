import type { AuthContext } from '../auth-context.js';
import type { OrgContext } from '../org-context.js';

/** What a decision is about. */
export interface AccessRequest {
  readonly auth: AuthContext;
  readonly org: OrgContext;
  /** What is to be used, in the program's own words: `stage "Refund"`. */
  readonly subject: string;
  /** What it is to be used on, if that is known: the input of a tool, a loaded record. */
  readonly resource?: unknown;
}

/** An answer with a reason. `code` is a word of the program, such as `over-budget`; it is shown to the caller. */
export interface PolicyAnswer {
  readonly allowed: boolean;
  readonly code?: string;
}

/**
 * Implement it for what roles and plans cannot say. Only `true`, or `allowed: true`, allows; everything else, a throw
 * included, denies. Asked about anonymous callers only where `public` stands beside it.
 */
export interface AccessPolicy {
  decide(request: AccessRequest): boolean | PolicyAnswer | Promise<boolean | PolicyAnswer>;
}

// `any`: a policy may ask its container for anything.
export type AccessPolicyClass = new (...args: any[]) => AccessPolicy;
