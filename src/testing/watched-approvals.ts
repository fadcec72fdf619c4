import type { ApprovalGate, ApprovalOutcome, GatedCall } from '../tools/index.js';

/** Hands requests on to an approval gate, and knows which of them nobody has answered. */
export class WatchedApprovals implements ApprovalGate {
  readonly #gate: ApprovalGate;
  readonly #open = new Set<GatedCall>();

  constructor(gate: ApprovalGate) {
    this.#gate = gate;
  }

  get open(): readonly GatedCall[] {
    return [...this.#open];
  }

  async request(call: GatedCall, signal: AbortSignal): Promise<ApprovalOutcome> {
    this.#open.add(call);
    try {
      return await this.#gate.request(call, signal);
    } finally {
      this.#open.delete(call);
    }
  }
}
