import type { ToolEffect } from '../../stage/index.js';
import type { Principal } from './decider.js';

/** Everything but `pending` is final. */
export const ApprovalStatus = {
  Pending: 'pending',
  Approved: 'approved',
  Denied: 'denied',
  Expired: 'expired',
  Cancelled: 'cancelled',
} as const;
export type ApprovalStatus = (typeof ApprovalStatus)[keyof typeof ApprovalStatus];
export type FinalApprovalStatus = Exclude<ApprovalStatus, 'pending'>;

/** How a request ended. */
export interface ApprovalDecision {
  /** Null if nobody decided: it expired, or its run was cancelled. */
  readonly by: Principal | null;
  readonly via: 'identity' | 'token' | 'system';
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: string | null;
  /** What the approver changed the input to; null if they left it as it is. */
  readonly edit: { readonly input: unknown; readonly digest: string } | null;
}

/** A question to somebody: may this very call go on? */
export interface ApprovalRequest {
  readonly id: string;
  readonly tenant: string | null;
  readonly runId: string;
  readonly callId: string;
  readonly callKey: string;
  /** Counts the requests for one call: 2 means that the first was cancelled, used, or for another input. */
  readonly round: number;
  readonly pipeline: string;
  readonly stage: string;
  readonly tool: { readonly name: string; readonly effect: ToolEffect; readonly description: string };
  readonly toolFingerprint: string;
  /** For the approver to see, as JSON. */
  readonly input: unknown;
  readonly inputDigest: string;
  readonly requestedBy: Principal | null;
  /** Milliseconds since 1970. */
  readonly requestedAt: number;
  /** From then on it can neither be decided nor be used. */
  readonly expiresAt: number;
  readonly status: ApprovalStatus;
  readonly decision: ApprovalDecision | null;
  /** When the call went on with it: an approval is used once. */
  readonly usedAt: number | null;
  /** Which service it was used by; each is another one, also after a restart. */
  readonly usedBy: string | null;
}
