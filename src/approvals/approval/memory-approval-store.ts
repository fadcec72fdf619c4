import {
  type ApprovalDecision,
  type ApprovalRequest,
  ApprovalStatus,
  type FinalApprovalStatus,
} from './approval-request.js';
import type { ApprovalStore, PendingQuery } from './approval-store.js';
import { isSame } from './decider.js';

/** Keeps approval requests in this process: for tests, and for runs that may end with it. */
export class MemoryApprovalStore implements ApprovalStore {
  readonly shared = false;
  readonly #requests = new Map<string, ApprovalRequest>();
  /** The id of the highest round of each call. */
  readonly #latest = new Map<string, string>();

  get size(): number {
    return this.#requests.size;
  }

  async add(request: ApprovalRequest): Promise<boolean> {
    const call = callOf(request.tenant, request.runId, request.callKey);
    const known = this.#requests.get(this.#latest.get(call) ?? '');
    if (this.#requests.has(request.id) || (known !== undefined && known.round >= request.round)) return false;
    this.#requests.set(request.id, frozen(request));
    this.#latest.set(call, request.id);
    return true;
  }

  async find(id: string): Promise<ApprovalRequest | null> {
    return this.#requests.get(id) ?? null;
  }

  async latest(tenant: string | null, runId: string, callKey: string): Promise<ApprovalRequest | null> {
    return this.#requests.get(this.#latest.get(callOf(tenant, runId, callKey)) ?? '') ?? null;
  }

  async settle(id: string, status: FinalApprovalStatus, decision: ApprovalDecision, openAt?: number): Promise<boolean> {
    const request = this.#requests.get(id);
    if (request?.status !== ApprovalStatus.Pending) return false;
    if (openAt !== undefined && openAt >= request.expiresAt) return false;
    this.#requests.set(id, Object.freeze({ ...request, status, decision: frozen(decision) }));
    return true;
  }

  async use(id: string, at: number, by: string, insteadOf: string | null): Promise<boolean> {
    const request = this.#requests.get(id);
    if (request?.status !== ApprovalStatus.Approved || at >= request.expiresAt) return false;
    if (request.usedBy !== insteadOf) return false;
    this.#requests.set(id, Object.freeze({ ...request, usedAt: at, usedBy: by }));
    return true;
  }

  async settled(ids: readonly string[]): Promise<readonly string[]> {
    return ids.filter((id) => this.#requests.get(id)?.status !== ApprovalStatus.Pending);
  }

  async pending({ tenant, requestedBy, after, limit }: PendingQuery): Promise<readonly ApprovalRequest[]> {
    const found = [...this.#requests.values()].filter(
      (request) =>
        request.status === ApprovalStatus.Pending &&
        request.tenant === tenant &&
        (requestedBy === undefined || isSame(request.requestedBy, requestedBy)) &&
        (after === undefined || compare(request, after) > 0),
    );
    return found.sort(compare).slice(0, limit);
  }

  async purge(before: number): Promise<number> {
    const size = this.#requests.size;
    for (const [id, { decision, expiresAt, tenant, runId, callKey }] of this.#requests) {
      if ((decision?.at ?? expiresAt) >= before) continue;
      this.#requests.delete(id);
      const call = callOf(tenant, runId, callKey);
      if (this.#latest.get(call) === id) this.#latest.delete(call);
    }
    return size - this.#requests.size;
  }
}

function callOf(tenant: string | null, runId: string, callKey: string): string {
  return JSON.stringify([tenant, runId, callKey]);
}

function compare(one: { requestedAt: number; id: string }, other: { requestedAt: number; id: string }): number {
  return one.requestedAt - other.requestedAt || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** A copy that whoever handed it in, or is handed it, cannot change. */
function frozen<T>(value: T): T {
  const copy: T = JSON.parse(JSON.stringify(value));
  freezeDeep(copy);
  return copy;
}

function freezeDeep(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const part of Object.values(value)) freezeDeep(part);
}
