/*
 * Where calls wait for a decision.
 *
 * Invariants
 *  1. A call goes on only with an approval of this very call: run, call, tool, input, principal and tenant are the same, it
 *     has not expired, and nobody used it before.
 *  2. What is asked for again after a restart finds its request, and the decision that was made meanwhile. What has changed
 *     since then is asked for anew, and the old request can never be used.
 *     An approval that the process before took, and died before it could start the call, counts again if a call log is sure
 *     of that. In one life it is used once.
 *  3. A run that is cancelled closes its request; one that is only interrupted, and will be resumed, leaves it open.
 *  4. `request` never rejects: whatever goes wrong denies the call.
 */
import { randomUUID } from 'node:crypto';
import { AppClosing } from '../../errors/index.js';
import type { ApprovalGate, ApprovalOutcome, GatedCall } from '../../tools/index.js';
import { inputDigest } from '../../tools/index.js';
import { expired } from './approval-desk.js';
import { type ApprovalDecision, type ApprovalRequest, ApprovalStatus } from './approval-request.js';
import type { ApprovalStore } from './approval-store.js';
import { isSame, principalOf, tenantOf } from './decider.js';
import { shownInput } from './shown-input.js';
import type { WaitingRoom } from './waiting-room.js';

export interface QueueOptions {
  readonly store: ApprovalStore;
  readonly room: WaitingRoom;
  readonly ttlMs: number;
  readonly now: () => number;
  readonly onFailed: (error: unknown) => void;
}

/** Who decides where nobody did. */
const SYSTEM = 'stageflow';
/** How often others may be faster before a call gives up. */
const MOST_ROUNDS = 20;

export class ApprovalQueue implements ApprovalGate {
  readonly #options: QueueOptions;
  /** Who uses approvals here: somebody else after a restart. */
  readonly #life = randomUUID();
  #closed = false;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  async request(call: GatedCall, signal: AbortSignal): Promise<ApprovalOutcome> {
    try {
      return await this.#answered(call, signal);
    } catch (error) {
      this.#options.onFailed(error);
      return { status: 'denied', requestId: '', reason: 'the approval could not be kept', decidedBy: SYSTEM };
    }
  }

  /** Lets go of those who wait; what they wait for stays open, for whoever asks again. */
  close(): void {
    this.#closed = true;
    this.#options.room.close();
  }

  async #answered(call: GatedCall, signal: AbortSignal): Promise<ApprovalOutcome> {
    const tenant = tenantOf(call);
    if (tenant === undefined) {
      return { status: 'denied', requestId: '', reason: 'the tenant of the call is not certain', decidedBy: SYSTEM };
    }
    for (let round = 0; round < MOST_ROUNDS; round++) {
      if (this.#closed) return { status: 'cancelled', requestId: '', reason: 'approvals are closed' };
      if (signal.aborted) return { status: 'cancelled', requestId: '', reason: 'the run was cancelled' };
      const request = await this.#find(call, tenant);
      if (request === null) continue;
      const ended = await this.#ended(request, call, signal);
      if (ended === null) return { status: 'cancelled', requestId: request.id, reason: 'approvals are closed' };
      const outcome = await this.#outcome(ended, this.#mayTakeOver(ended, call));
      if (outcome === null) continue;
      report(call, ended, outcome);
      return outcome;
    }
    throw new Error(`The request of call "${call.callId}" keeps changing.`);
  }

  /** The request that this call waits for, made if need be; null if somebody else was faster. */
  async #find(call: GatedCall, tenant: string | null): Promise<ApprovalRequest | null> {
    const { store, now } = this.#options;
    const known = await store.latest(tenant, call.runId, call.callKey);
    if (known !== null && isFor(known, call)) {
      const isUsed = known.usedAt !== null && !this.#mayTakeOver(known, call);
      const isOver = known.status === ApprovalStatus.Cancelled || isUsed;
      if (!isOver) {
        call.emit?.(requested(call, known, true));
        return known;
      }
    } else if (known?.status === ApprovalStatus.Pending) {
      await store.settle(known.id, ApprovalStatus.Cancelled, replaced(now()));
      this.#options.room.wake(known.id);
    }
    const request = this.#made(call, tenant, (known?.round ?? 0) + 1);
    if (!(await store.add(request))) return null;
    call.emit?.(requested(call, request, false));
    return request;
  }

  /** Whether an earlier process has used the approval and never come to start the call. */
  #mayTakeOver({ usedBy }: ApprovalRequest, { neverStarted }: GatedCall): boolean {
    return neverStarted === true && usedBy !== null && usedBy !== this.#life;
  }

  #made(call: GatedCall, tenant: string | null, round: number): ApprovalRequest {
    const { runId, callId, callKey, pipeline, stage, tool, toolFingerprint, inputDigest: digest, auth } = call;
    const { now, ttlMs } = this.#options;
    const requestedAt = now();
    return {
      id: randomUUID(),
      ...{ tenant, runId, callId, callKey, round, pipeline, stage, tool, toolFingerprint, inputDigest: digest },
      input: shownInput(call.input),
      requestedBy: principalOf(auth),
      requestedAt,
      expiresAt: requestedAt + ttlMs,
      status: ApprovalStatus.Pending,
      decision: null,
      usedAt: null,
      usedBy: null,
    };
  }

  /** The request once it has ended; null if this process stops waiting while it is open. */
  async #ended(
    { id, expiresAt }: ApprovalRequest,
    { resumable = false }: GatedCall,
    signal: AbortSignal,
  ): Promise<ApprovalRequest | null> {
    const { store, room, now } = this.#options;
    for (;;) {
      const waiter = room.enter(id, expiresAt, signal);
      if (signal.aborted) room.leave(waiter, 'aborted');
      const seen = await store.find(id).catch((error: unknown) => {
        room.leave(waiter);
        throw error;
      });
      if (seen?.status !== ApprovalStatus.Pending) room.leave(waiter);
      const why = await waiter.woken;
      if (why === 'closed' || (why === 'aborted' && resumable && signal.reason instanceof AppClosing)) return null;
      if (why === 'aborted') await store.settle(id, ApprovalStatus.Cancelled, cancelled(now()));
      if (now() >= expiresAt) await store.settle(id, ApprovalStatus.Expired, expired(now()));
      const request = await store.find(id);
      if (request === null) throw new Error(`Approval request ${id} was removed while a call waited for it.`);
      if (why === 'aborted') return { ...request, status: ApprovalStatus.Cancelled };
      if (request.status !== ApprovalStatus.Pending) return request;
    }
  }

  /** What the call is told. Null if the approval was used by somebody else: then it has to be asked for again. */
  async #outcome(request: ApprovalRequest, mayTakeOver: boolean): Promise<ApprovalOutcome | null> {
    const { id, status, decision, expiresAt, usedBy } = request;
    const { store, now } = this.#options;
    const reason = decision?.reason ?? status;
    if (status === ApprovalStatus.Denied) {
      return { status, requestId: id, reason, decidedBy: decision?.by?.id ?? SYSTEM };
    }
    if (status !== ApprovalStatus.Approved) {
      return { status: status === ApprovalStatus.Expired ? 'expired' : 'cancelled', requestId: id, reason };
    }
    const decidedBy = decision?.by?.id;
    const edit = decision?.edit ?? null;
    if (decidedBy === undefined || (edit !== null && inputDigest(edit.input) !== edit.digest)) {
      return { status: 'denied', requestId: id, reason: 'its decision was changed', decidedBy: SYSTEM };
    }
    if (await store.use(id, now(), this.#life, mayTakeOver ? usedBy : null)) {
      return { status, requestId: id, decidedBy, ...(edit === null ? {} : { input: structuredClone(edit.input) }) };
    }
    if (now() >= expiresAt) return { status: 'expired', requestId: id, reason: 'it was not used in time' };
    return null;
  }
}

/** Whether a request asks for this very call. */
function isFor(request: ApprovalRequest, call: GatedCall): boolean {
  const principal = principalOf(call.auth);
  return (
    request.callId === call.callId &&
    request.pipeline === call.pipeline &&
    request.tool.name === call.tool.name &&
    request.toolFingerprint === call.toolFingerprint &&
    request.inputDigest === call.inputDigest &&
    (request.requestedBy === null ? principal === null : isSame(request.requestedBy, principal))
  );
}

function requested({ tool, callId }: GatedCall, { id, expiresAt }: ApprovalRequest, restored: boolean) {
  return { type: 'approval.requested' as const, tool: tool.name, callId, requestId: id, expiresAt, restored };
}

function report({ tool, callId, emit }: GatedCall, { id, decision }: ApprovalRequest, outcome: ApprovalOutcome): void {
  const { status } = outcome;
  const decidedBy = 'decidedBy' in outcome ? outcome.decidedBy : null;
  const reason = 'reason' in outcome ? outcome.reason : (decision?.reason ?? null);
  const edited = status === 'approved' && 'input' in outcome;
  const decided = { status, decidedBy, via: decision?.via ?? 'system', edited, reason };
  emit?.({ type: 'approval.decided', tool: tool.name, callId, requestId: id, ...decided });
}

function cancelled(at: number): ApprovalDecision {
  return { by: null, via: 'system', at, reason: 'the run was cancelled', edit: null };
}

function replaced(at: number): ApprovalDecision {
  return { by: null, via: 'system', at, reason: 'the tool, its input or the caller has changed', edit: null };
}
