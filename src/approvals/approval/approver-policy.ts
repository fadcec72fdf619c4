import { demand } from './approval-errors.js';
import type { ApprovalRequest } from './approval-request.js';
import { type Decider, isSame, principalOf } from './decider.js';

/** `true` and `{ allowed: true }` allow; anything else denies. */
export type ApproverAnswer = boolean | { readonly allowed: boolean; readonly reason?: string };

/**
 * Who may decide on a request. Asked whenever somebody decides, after their tenant has been compared with that of the
 * request. One that throws denies.
 */
export interface ApproverPolicy {
  mayDecide(request: ApprovalRequest, by: Decider): ApproverAnswer | Promise<ApproverAnswer>;
}

export interface ApproverOptions {
  /** Any one of these. */
  readonly roles?: readonly string[];
  /** Any one of these. */
  readonly scopes?: readonly string[];
  /** Whether whoever asked may not decide. Default true: then nobody decides for an anonymous caller. */
  readonly fourEyes?: boolean;
}

/**
 * The usual policy: approvers are known by a role or a scope, and are somebody else than the one who asks.
 * @throws APPROVAL_OPTION_INVALID without a role and without a scope
 */
export function approvers({ roles = [], scopes = [], fourEyes = true }: ApproverOptions): ApproverPolicy {
  demand(roles.length + scopes.length > 0, 'roles and scopes', 'at least one role or scope');
  demand(typeof fourEyes === 'boolean', 'fourEyes', 'true or false');
  return {
    mayDecide({ requestedBy }, { auth }) {
      if (!auth.hasAnyRole(...roles) && !auth.hasAnyScope(...scopes)) {
        return { allowed: false, reason: 'no role or scope of an approver' };
      }
      if (!fourEyes) return true;
      if (requestedBy === null) return { allowed: false, reason: 'it is unknown who asked' };
      return isSame(requestedBy, principalOf(auth)) ? { allowed: false, reason: 'they asked for it themselves' } : true;
    },
  };
}

/** @returns why not; null if they may */
export async function refusalOf(
  policy: ApproverPolicy,
  request: ApprovalRequest,
  by: Decider,
): Promise<Refusal | null> {
  try {
    const answer: unknown = await policy.mayDecide(request, by);
    if (answer === true) return null;
    const { allowed, reason } = (answer ?? {}) as { allowed?: unknown; reason?: unknown };
    if (allowed === true) return null;
    return { reason: typeof reason === 'string' && reason !== '' ? reason : 'the approver policy does not allow it' };
  } catch (cause) {
    return { reason: 'the approver policy failed', cause };
  }
}

export interface Refusal {
  readonly reason: string;
  readonly cause?: unknown;
}
