/*
 * Where approvers decide. Every way to a decision, by identity or by token, leads through `decide`.
 *
 * Order: genuine identity, tenant, policy, still open, what they say, compare-and-set. The first that fails decides nothing.
 */
import { PrincipalKind } from '../../auth/index.js';
import { isJson } from '../../diff/index.js';
import { inputDigest } from '../../tools/index.js';
import { demand, editRefused, forbidden, settledAlready, unknownRequest } from './approval-errors.js';
import {
  type ApprovalDecision,
  type ApprovalRequest,
  ApprovalStatus,
  type FinalApprovalStatus,
} from './approval-request.js';
import type { ApprovalStore } from './approval-store.js';
import { type ApproverPolicy, refusalOf } from './approver-policy.js';
import { type Decider, isSame, principalOf, tenantOf } from './decider.js';

/** Checks input that an approver edited, for the tool that it is for. Throws, or rejects, if it cannot be used. */
export type EditValidator = (request: ApprovalRequest, input: unknown) => unknown;

export interface DeskOptions {
  readonly store: ApprovalStore;
  readonly policy: ApproverPolicy;
  readonly validate: EditValidator | undefined;
  readonly now: () => number;
  readonly onSettled: (id: string) => void;
}

/** What somebody decides. */
export interface Verdict {
  readonly status: Exclude<FinalApprovalStatus, 'expired'>;
  readonly reason: string | null;
  readonly via: ApprovalDecision['via'];
  readonly edit?: { readonly input: unknown };
}

const LONGEST_REASON = 2_000;

export class ApprovalDesk {
  readonly #options: DeskOptions;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** @returns the request as it is now; whoever asked, and whoever may decide, may see it */
  async see(id: string, by: Decider): Promise<ApprovalRequest> {
    const request = await this.#ofTenant(id, by);
    if (isSame(request.requestedBy, principalOf(by.auth))) return request;
    await this.#assertMayDecide(request, by);
    return request;
  }

  async decide(id: string, by: Decider, verdict: Verdict): Promise<ApprovalRequest> {
    const { store, now, onSettled } = this.#options;
    const request = await this.#ofTenant(id, by);
    const withdraws = verdict.status === ApprovalStatus.Cancelled && isSame(request.requestedBy, principalOf(by.auth));
    if (!withdraws) await this.#assertMayDecide(request, by);
    await this.#assertOpen(request);
    const reason = readReason(verdict);
    const edit = verdict.edit === undefined ? null : await this.#checkedEdit(request, verdict.edit.input);
    const at = now();
    const decision: ApprovalDecision = { by: principalOf(by.auth), via: verdict.via, at, reason, edit };
    if (!(await store.settle(id, verdict.status, decision, at))) await this.#refuseLate(request);
    onSettled(id);
    return (await store.find(id)) ?? { ...request, status: verdict.status, decision };
  }

  async mayDecide(request: ApprovalRequest, by: Decider): Promise<boolean> {
    return (await refusalOf(this.#options.policy, request, by)) === null;
  }

  async #ofTenant(id: string, by: Decider): Promise<ApprovalRequest> {
    const tenant = tenantOf(by);
    if (tenant === undefined || typeof id !== 'string') throw unknownRequest();
    const request = await this.#options.store.find(id);
    if (request === null || request.tenant !== tenant) throw unknownRequest();
    return request;
  }

  async #assertMayDecide(request: ApprovalRequest, by: Decider): Promise<void> {
    if (by.auth.kind === PrincipalKind.Anonymous) throw forbidden(request, 'they are not known');
    const refusal = await refusalOf(this.#options.policy, request, by);
    if (refusal !== null) throw forbidden(request, refusal.reason, refusal.cause);
  }

  async #assertOpen(request: ApprovalRequest): Promise<void> {
    if (request.status !== ApprovalStatus.Pending) throw settledAlready(request, request.status);
    if (this.#options.now() >= request.expiresAt) await this.#refuseLate(request);
  }

  /** Somebody was faster, or time was. */
  async #refuseLate(request: ApprovalRequest): Promise<never> {
    const { store, now, onSettled } = this.#options;
    const at = now();
    if (at >= request.expiresAt && (await store.settle(request.id, ApprovalStatus.Expired, expired(at)))) {
      onSettled(request.id);
    }
    throw settledAlready(request, (await store.find(request.id))?.status ?? 'gone');
  }

  async #checkedEdit(request: ApprovalRequest, input: unknown): Promise<ApprovalDecision['edit']> {
    const { validate } = this.#options;
    if (!isJson(input)) throw editRefused(request, 'it is not JSON');
    const copy: unknown = structuredClone(input);
    if (validate === undefined) throw editRefused(request, 'nothing is configured that checks edited input');
    try {
      await validate(request, structuredClone(copy));
    } catch (cause) {
      throw editRefused(request, 'its check fails', cause);
    }
    return { input: copy, digest: inputDigest(copy) };
  }
}

/** How a request ends that nobody decided. */
export function expired(at: number): ApprovalDecision {
  return { by: null, via: 'system', at, reason: 'nobody decided in time', edit: null };
}

function readReason({ status, reason }: Verdict): string | null {
  if (reason === null && status !== ApprovalStatus.Denied) return null;
  const holds = typeof reason === 'string' && reason.trim() !== '' && reason.length <= LONGEST_REASON;
  demand(holds, 'reason', `text of 1 to ${LONGEST_REASON} characters`);
  return reason;
}
