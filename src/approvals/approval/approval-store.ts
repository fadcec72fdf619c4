import type { ApprovalDecision, ApprovalRequest, FinalApprovalStatus } from './approval-request.js';
import type { Principal } from './decider.js';

export interface PendingQuery {
  readonly tenant: string | null;
  /** Only what they asked for. */
  readonly requestedBy?: Principal;
  /** The last one of the page before. */
  readonly after?: { readonly requestedAt: number; readonly id: string };
  readonly limit: number;
}

/**
 * Keeps approval requests. Implement it over a database that several processes share.
 *
 * Rules: `add`, `settle` and `use` are atomic, so that of any number of callers one is told `true`. Nothing else changes a
 * request, and a final status never changes. What cannot be told for sure is an error: a method that rejects lets no call
 * go on. Requests are given and kept as JSON.
 */
export interface ApprovalStore {
  /** Whether other processes decide, too: then those who wait look for decisions from time to time. */
  readonly shared: boolean;
  /** @returns false if that round of the call, in that tenant, is there already */
  add(request: ApprovalRequest): Promise<boolean>;
  find(id: string): Promise<ApprovalRequest | null>;
  /** The highest round of a call. */
  latest(tenant: string | null, runId: string, callKey: string): Promise<ApprovalRequest | null>;
  /**
   * Ends a pending request.
   * @param openAt if given, only a request that has not expired by then
   */
  settle(id: string, status: FinalApprovalStatus, decision: ApprovalDecision, openAt?: number): Promise<boolean>;
  /**
   * Marks an approved request as used by `by`, unless it has expired by then.
   * @param insteadOf who has to have used it before; null if nobody may have
   */
  use(id: string, at: number, by: string, insteadOf: string | null): Promise<boolean>;
  /** Which of these are not pending any more. */
  settled(ids: readonly string[]): Promise<readonly string[]>;
  /** Oldest first. */
  pending(query: PendingQuery): Promise<readonly ApprovalRequest[]>;
  /** Forgets what ended before, and what expired before unanswered. @returns how many */
  purge(before: number): Promise<number>;
}
