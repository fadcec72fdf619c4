import type { ApprovalDesk } from './approval-desk.js';
import { demand, forbidden, settledAlready, tokenRefused, unknownRequest } from './approval-errors.js';
import { type ApprovalRequest, ApprovalStatus } from './approval-request.js';
import type { ApprovalStore } from './approval-store.js';
import { type Decider, isSame, type Principal, principalOf, tenantOf } from './decider.js';
import { type DecisionTokenOptions, DecisionTokens, type TokenAction } from './decision-tokens.js';

export interface TokenDeskOptions extends DecisionTokenOptions {
  /**
   * The identity that an approver has now, from your directory; null if they have none any more. A token of somebody who
   * left, or lost a role, decides nothing.
   */
  readonly approver: (principal: Principal, tenant: string | null) => Decider | null | Promise<Decider | null>;
}

export interface IssueOptions {
  /** Default both. */
  readonly actions?: readonly TokenAction[];
  /** In ms; never longer than the request is open, which is the default. */
  readonly ttlMs?: number;
}

const ACTIONS: readonly TokenAction[] = ['approve', 'deny'];

/** Makes decision tokens, and decides with them. */
export class TokenDesk {
  readonly #tokens: DecisionTokens;
  readonly #approver: TokenDeskOptions['approver'];
  readonly #store: ApprovalStore;
  readonly #desk: ApprovalDesk;
  readonly #now: () => number;

  constructor(options: TokenDeskOptions, store: ApprovalStore, desk: ApprovalDesk, now: () => number) {
    demand(typeof options.approver === 'function', 'tokens.approver', 'a function that knows identities');
    this.#tokens = new DecisionTokens(options);
    this.#approver = options.approver;
    this.#store = store;
    this.#desk = desk;
    this.#now = now;
  }

  async issue(id: string, approver: Decider, { actions = ACTIONS, ttlMs }: IssueOptions): Promise<string> {
    const known = Array.isArray(actions) && actions.length > 0 && actions.every((action) => ACTIONS.includes(action));
    demand(known, 'actions', 'approve, deny or both');
    demand(ttlMs === undefined || (Number.isFinite(ttlMs) && ttlMs > 0), 'ttlMs', 'a positive number');
    const principal = principalOf(approver.auth);
    const request = await this.#store.find(id);
    if (request === null || request.tenant !== tenantOf(approver)) throw unknownRequest();
    if (request.status !== ApprovalStatus.Pending) throw settledAlready(request, request.status);
    if (principal === null || !(await this.#desk.mayDecide(request, approver))) {
      throw forbidden(request, 'a token would not help them');
    }
    const { inputDigest, toolFingerprint, tenant } = request;
    const expiresAt = Math.min(request.expiresAt, ttlMs === undefined ? request.expiresAt : this.#now() + ttlMs);
    const claims = { requestId: id, inputDigest, toolFingerprint, tenant, approver: principal };
    return this.#tokens.sign({ ...claims, actions: [...new Set(actions)], expiresAt });
  }

  async redeem(token: string, action: TokenAction, reason: string | null): Promise<ApprovalRequest> {
    const claims = this.#tokens.read(token, this.#now());
    if (!ACTIONS.includes(action) || !claims.actions.includes(action))
      throw tokenRefused('it is not for that decision');
    const request = await this.#store.find(claims.requestId);
    const { inputDigest, toolFingerprint, tenant } = claims;
    const fits =
      request?.inputDigest === inputDigest && request.toolFingerprint === toolFingerprint && request.tenant === tenant;
    if (!fits) throw tokenRefused('its request is gone');
    const by = await this.#identityOf(claims.approver, tenant);
    const status = action === 'approve' ? ApprovalStatus.Approved : ApprovalStatus.Denied;
    return this.#desk.decide(claims.requestId, by, { status, reason, via: 'token' });
  }

  async #identityOf(principal: Principal, tenant: string | null): Promise<Decider> {
    let by: Decider | null;
    try {
      by = await this.#approver(principal, tenant);
    } catch (cause) {
      throw tokenRefused('its approver cannot be looked up', cause);
    }
    if (by === null || by === undefined || tenantOf(by) !== tenant || !isSame(principalOf(by.auth), principal)) {
      throw tokenRefused('its approver is not known any more');
    }
    return by;
  }
}
