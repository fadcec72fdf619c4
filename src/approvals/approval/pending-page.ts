import type { ApprovalDesk } from './approval-desk.js';
import { demand, unknownRequest } from './approval-errors.js';
import type { ApprovalRequest } from './approval-request.js';
import type { ApprovalStore, PendingQuery } from './approval-store.js';
import { type Decider, principalOf, tenantOf } from './decider.js';

export interface PendingOptions {
  /** What whoever asks has asked for, instead of what they may decide on. Default false. */
  readonly mine?: boolean;
  /** Most on a page, 1 to 500. Default 50. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string;
}

export interface PendingPage {
  readonly requests: readonly ApprovalRequest[];
  /** Where the next page begins; null after the last one. A page may be shorter than its limit, and not the last. */
  readonly next: string | null;
}

const MOST_ON_A_PAGE = 500;

export async function pendingPage(
  store: ApprovalStore,
  desk: ApprovalDesk,
  by: Decider,
  { mine = false, limit = 50, after }: PendingOptions,
  now: number,
): Promise<PendingPage> {
  demand(Number.isInteger(limit) && limit >= 1 && limit <= MOST_ON_A_PAGE, 'limit', `1 to ${MOST_ON_A_PAGE}`);
  const tenant = tenantOf(by);
  if (tenant === undefined) throw unknownRequest();
  const principal = principalOf(by.auth);
  if (principal === null) return { requests: [], next: null };
  const query: PendingQuery = {
    tenant,
    limit,
    ...(mine ? { requestedBy: principal } : {}),
    ...(after === undefined ? {} : { after: readCursor(after) }),
  };
  const found = await store.pending(query);
  const requests: ApprovalRequest[] = [];
  for (const request of found) {
    if (request.expiresAt > now && (mine || (await desk.mayDecide(request, by)))) requests.push(request);
  }
  const last = found.length < limit ? undefined : found.at(-1);
  return { requests, next: last === undefined ? null : `${last.requestedAt}:${last.id}` };
}

function readCursor(after: string): { requestedAt: number; id: string } {
  const [, time = '', id = ''] = /^(\d{1,16}):(.{1,64})$/.exec(after) ?? [];
  demand(id !== '', 'after', 'the next of another page');
  return { requestedAt: Number(time), id };
}
