import type { ModelProvider, ModelRequest, ModelUsage } from '../model/index.js';
import type { Budget, Reservation, Spending } from './budget.js';
import { costOf, type ModelPrice, type PriceTable, priceOf } from './prices.js';

/** What of a call is known when it is paid for. */
export interface CallSoFar {
  readonly text: string;
  readonly usage: ModelUsage | null;
}

/** A call that may be made. */
export interface Grant {
  /** The request, no longer than what was kept free for it. */
  readonly request: ModelRequest;
  /** What the call used: what the model said, or an estimate. */
  usageOf(soFar: CallSoFar): ModelUsage;
  /** Pays for a call that failed, and keeps the same free once more. @returns whether there was enough */
  again(soFar: CallSoFar): boolean;
  /** Pays for the call. */
  settle(soFar: CallSoFar): void;
}

export interface PurseUsage extends ModelUsage {
  readonly cost: number | null;
}

/** The answer of one turn where a budget must know its longest and nobody said it. */
const LONGEST_ANSWER = 4_096;
const CHARS_PER_TOKEN = 3;

/** What one agent spends, out of the budgets it is under. */
export class Purse {
  readonly #model: ModelProvider;
  readonly #budgets: readonly Budget[];
  readonly #price: ModelPrice | null;
  #used: ModelUsage = { inputTokens: 0, outputTokens: 0 };
  #shortage = '';

  /** @throws AGENT_OPTION_INVALID if the cost is limited and nobody knows what the model costs */
  constructor(model: ModelProvider, budgets: readonly Budget[], prices: PriceTable) {
    this.#model = model;
    this.#budgets = budgets;
    this.#price = priceOf(
      prices,
      model.model,
      budgets.some(({ limits }) => Number.isFinite(limits.cost)),
    );
  }

  get usage(): PurseUsage {
    return { ...this.#used, cost: this.#price === null ? null : costOf(this.#used, this.#price) };
  }

  /** Why the last reservation was refused. */
  get shortage(): string {
    return this.#shortage;
  }

  /** Keeps free what a request may use at most, with a shorter answer if need be. @returns null if that is nothing */
  reserve(request: ModelRequest): Grant | null {
    if (this.#budgets.length === 0) return this.#grant(request, 0, []);
    const inputTokens = this.#count(request);
    const outputTokens = Math.min(request.maxOutputTokens ?? LONGEST_ANSWER, this.#room(inputTokens));
    if (outputTokens < 1) return null;
    const reservations = this.#keepFree(this.#spending({ inputTokens, outputTokens }));
    return reservations === null
      ? null
      : this.#grant({ ...request, maxOutputTokens: outputTokens }, inputTokens, reservations);
  }

  #grant(request: ModelRequest, inputTokens: number, reserved: readonly Reservation[]): Grant {
    let reservations = reserved;
    const usageOf = ({ text, usage }: CallSoFar): ModelUsage =>
      usage ?? { inputTokens: inputTokens || this.#count(request), outputTokens: tokensIn(text) };
    const settle = (soFar: CallSoFar): void => {
      const used = usageOf(soFar);
      this.#used = {
        inputTokens: this.#used.inputTokens + used.inputTokens,
        outputTokens: this.#used.outputTokens + used.outputTokens,
      };
      for (const reservation of reservations) reservation.settle(this.#spending(used));
      reservations = [];
    };
    const again = (soFar: CallSoFar): boolean => {
      settle(soFar);
      const kept = this.#keepFree(this.#spending({ inputTokens, outputTokens: request.maxOutputTokens ?? 0 }));
      reservations = kept ?? [];
      return kept !== null;
    };
    return { request, usageOf, settle, again };
  }

  /** How long an answer every budget has room for. */
  #room(inputTokens: number): number {
    const rooms = this.#budgets.map(({ available }) => {
      const byTokens = available.tokens - inputTokens;
      if (this.#price === null || available.cost === Number.POSITIVE_INFINITY) return byTokens;
      const left = available.cost - costOf({ inputTokens, outputTokens: 0 }, this.#price);
      const { outputPerMillion } = this.#price;
      if (left < 0) return 0;
      return Math.min(byTokens, outputPerMillion === 0 ? byTokens : (left * 1_000_000) / outputPerMillion);
    });
    const room = Math.floor(Math.min(...rooms));
    if (room < 1) this.#shortage = `the next turn needs about ${inputTokens} tokens for its input alone`;
    return room;
  }

  #keepFree(amount: Spending): readonly Reservation[] | null {
    const reservations: Reservation[] = [];
    for (const budget of this.#budgets) {
      const reservation = budget.reserve(amount);
      if (reservation !== null) {
        reservations.push(reservation);
        continue;
      }
      for (const kept of reservations) kept.settle({ tokens: 0, cost: 0 });
      this.#shortage = `it needs up to ${amount.tokens} tokens, which are not left`;
      return null;
    }
    return reservations;
  }

  #spending(usage: ModelUsage): Spending {
    return {
      tokens: usage.inputTokens + usage.outputTokens,
      cost: this.#price === null ? 0 : costOf(usage, this.#price),
    };
  }

  #count(request: ModelRequest): number {
    return (
      this.#model.countTokens?.(request) ?? tokensIn(JSON.stringify([request.messages, request.tools, request.output]))
    );
  }
}

function tokensIn(text: string): number {
  return Math.ceil(text.length / CHARS_PER_TOKEN);
}
