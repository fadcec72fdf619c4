import { type Clock, systemClock } from '../../clock/index.js';
import { type StageflowLogger, silentLogger } from '../../events/index.js';
import type { ApprovalGate, ApprovalOutcome, GatedCall } from '../../tools/index.js';
import { ApprovalDesk, type EditValidator } from './approval-desk.js';
import { demand } from './approval-errors.js';
import { ApprovalQueue } from './approval-queue.js';
import { type ApprovalRequest, ApprovalStatus } from './approval-request.js';
import type { ApprovalStore } from './approval-store.js';
import type { ApproverPolicy } from './approver-policy.js';
import type { Decider } from './decider.js';
import type { TokenAction } from './decision-tokens.js';
import { type PendingOptions, type PendingPage, pendingPage } from './pending-page.js';
import { type IssueOptions, TokenDesk, type TokenDeskOptions } from './token-desk.js';
import { WaitingRoom } from './waiting-room.js';

export interface ApprovalServiceOptions {
  readonly store: ApprovalStore;
  /** Who may decide: `approvers({ roles: […] })`, or one of your own. There is no default. */
  readonly policy: ApproverPolicy;
  /** How long a request can be decided and used, in ms. Default 24 hours. */
  readonly ttlMs?: number;
  /** Checks edited input before it is accepted; the executor checks it again. Without it nothing can be edited. */
  readonly validate?: EditValidator;
  /** Makes and takes decision tokens. Default: there are none. */
  readonly tokens?: TokenDeskOptions;
  /** How often to look for decisions that other processes made, in ms. Default 1,000; only for stores that are shared. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  /** Told of what went wrong behind an answer. Default: silent. */
  readonly logger?: StageflowLogger;
}

const DAY_MS = 86_400_000;

/**
 * Lets people decide on tool calls: give it to an application as `toolServices: { approvals }`, and let approvers decide
 * through it. Requests are in the store, so that they outlive the process if the store does.
 *
 * Every decision is checked, in this order: the identity is genuine, the tenant is that of the request, the policy allows
 * it, the request is still open. Whoever decides first decides; everything after that is refused with APPROVAL_SETTLED.
 */
export class ApprovalService implements ApprovalGate {
  readonly #store: ApprovalStore;
  readonly #room: WaitingRoom;
  readonly #desk: ApprovalDesk;
  readonly #queue: ApprovalQueue;
  readonly #tokens: TokenDesk | null;
  readonly #now: () => number;

  /** @throws APPROVAL_OPTION_INVALID */
  constructor(options: ApprovalServiceOptions) {
    const { store, policy, ttlMs = DAY_MS, validate, tokens, pollMs = 1_000 } = options;
    const { clock = systemClock, logger = silentLogger } = options;
    demand(typeof store?.settle === 'function', 'store', 'an ApprovalStore');
    demand(typeof policy?.mayDecide === 'function', 'policy', 'an ApproverPolicy');
    demand(Number.isFinite(ttlMs) && ttlMs > 0, 'ttlMs', 'a positive number');
    demand(Number.isFinite(pollMs) && pollMs > 0, 'pollMs', 'a positive number');
    const now = () => Math.floor(clock.toEpochMs(clock.now()));
    const failed = (error: unknown) => logger.error('Approvals cannot be read or kept.', { error: String(error) });
    this.#now = now;
    this.#store = store;
    this.#room = new WaitingRoom({
      clock,
      now,
      pollMs: store.shared ? pollMs : null,
      settled: (ids) => store.settled(ids),
      onPollFailed: failed,
    });
    this.#desk = new ApprovalDesk({ store, policy, validate, now, onSettled: (id) => this.#room.wake(id) });
    this.#queue = new ApprovalQueue({ store, room: this.#room, ttlMs: Math.floor(ttlMs), now, onFailed: failed });
    this.#tokens = tokens === undefined ? null : new TokenDesk(tokens, store, this.#desk, now);
  }

  /** How many calls of this process wait. */
  get waiting(): number {
    return this.#room.size;
  }

  /** For the executor. Never rejects: whatever goes wrong denies the call. */
  request(call: GatedCall, signal: AbortSignal): Promise<ApprovalOutcome> {
    return this.#queue.request(call, signal);
  }

  /** What waits in the tenant of whoever asks: what they may decide on, or `mine`, what they asked for. Oldest first. */
  pending(by: Decider, options: PendingOptions = {}): Promise<PendingPage> {
    return pendingPage(this.#store, this.#desk, by, options, this.#now());
  }

  /** @throws APPROVAL_UNKNOWN, APPROVAL_FORBIDDEN */
  get(requestId: string, by: Decider): Promise<ApprovalRequest> {
    return this.#desk.see(requestId, by);
  }

  /** @throws APPROVAL_UNKNOWN, APPROVAL_FORBIDDEN, APPROVAL_SETTLED */
  approve(requestId: string, by: Decider, reason: string | null = null): Promise<ApprovalRequest> {
    return this.#desk.decide(requestId, by, { status: ApprovalStatus.Approved, reason, via: 'identity' });
  }

  /** Approves with other input, which keeps the contract of the tool. @throws as `approve`, and APPROVAL_EDIT_INVALID */
  approveEdited(
    requestId: string,
    by: Decider,
    input: unknown,
    reason: string | null = null,
  ): Promise<ApprovalRequest> {
    const verdict = { status: ApprovalStatus.Approved, reason, via: 'identity', edit: { input } } as const;
    return this.#desk.decide(requestId, by, verdict);
  }

  /** @param reason is told to whoever asked, the model included. @throws as `approve` */
  deny(requestId: string, by: Decider, reason: string): Promise<ApprovalRequest> {
    return this.#desk.decide(requestId, by, { status: ApprovalStatus.Denied, reason, via: 'identity' });
  }

  /** Takes a request back, which is no denial: whoever asked may, and whoever may decide. @throws as `approve` */
  cancel(requestId: string, by: Decider, reason: string | null = null): Promise<ApprovalRequest> {
    return this.#desk.decide(requestId, by, { status: ApprovalStatus.Cancelled, reason, via: 'identity' });
  }

  /** A token that lets one approver decide on one request, once. @throws as `approve`, and APPROVAL_OPTION_INVALID */
  async issueToken(requestId: string, approver: Decider, options: IssueOptions = {}): Promise<string> {
    return this.#withTokens().issue(requestId, approver, options);
  }

  /**
   * Decides with a token. Call it for a POST and not for a GET, which mail programs send to look at links.
   * @throws APPROVAL_TOKEN_INVALID, and as `approve`
   */
  async redeem(token: string, action: TokenAction, reason: string | null = null): Promise<ApprovalRequest> {
    return this.#withTokens().redeem(token, action, reason);
  }

  /** Forgets what ended longer ago. @returns how many requests */
  async purge({ olderThanMs }: { readonly olderThanMs: number }): Promise<number> {
    demand(Number.isFinite(olderThanMs) && olderThanMs >= 0, 'olderThanMs', 'a number from 0');
    return this.#store.purge(this.#now() - olderThanMs);
  }

  /** Lets go of the calls that wait, before the process ends. Their requests stay open for when the run is resumed. */
  close(): void {
    this.#queue.close();
  }

  #withTokens(): TokenDesk {
    demand(this.#tokens !== null, 'tokens', 'given: without a key there are no decision tokens');
    return this.#tokens;
  }
}
