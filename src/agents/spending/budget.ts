/*
 * What may be spent, kept free before it is.
 *
 * Invariants
 *  1. What is spent and what is kept free for calls under way together never pass a limit, of this budget or of one it was
 *     lent by, but for what a call uses beyond what it asked for; and then nothing further is granted.
 *  2. Every reservation is settled once; what it did not use is free again.
 *  3. What a loan has spent stays spent by the lender; the rest comes back when the loan is closed.
 */
import { StageflowError } from '../../errors/index.js';

/** An amount, of tokens and of money in the currency of the prices. */
export interface Spending {
  readonly tokens: number;
  readonly cost: number;
}

export interface BudgetLimits {
  /** Tokens of input and output together. Default: no limit. */
  readonly tokens?: number;
  /** Money, in the currency of the prices. Default: no limit. */
  readonly cost?: number;
}

/** What was kept free for one call. */
export interface Reservation {
  /** The call is over and has used this. Later calls of it change nothing. */
  settle(used: Spending): void;
}

/** Sums of prices are not exact. */
const ROUNDING = 1e-12;
const NONE: Spending = Object.freeze({ tokens: 0, cost: 0 });

/** What several agents, or several runs of one, may spend together. Safe to share: each takes before it spends. */
export class Budget {
  readonly limits: Readonly<Required<BudgetLimits>>;
  readonly #lender: Budget | null;
  #spent: Spending = NONE;
  #reserved: Spending = NONE;
  #closed = false;

  /** @throws AGENT_OPTION_INVALID for a limit below 0 */
  constructor(limits: BudgetLimits = {}, lender: Budget | null = null) {
    this.limits = Object.freeze({
      tokens: limitOf('tokens', limits.tokens),
      cost: limitOf('cost', limits.cost),
    });
    this.#lender = lender;
  }

  /** By calls that are over. */
  get spent(): Spending {
    return this.#spent;
  }

  /** What can still be reserved, here and at every lender. */
  get available(): Spending {
    if (this.#closed) return NONE;
    const own = {
      tokens: this.limits.tokens - this.#spent.tokens - this.#reserved.tokens,
      cost: this.limits.cost - this.#spent.cost - this.#reserved.cost,
    };
    const left = this.#lender === null ? own : least(own, this.#lender.available);
    return { tokens: Math.max(0, left.tokens), cost: Math.max(0, left.cost) };
  }

  /** Keeps an amount free for a call. @returns null if there is not so much left */
  reserve(amount: Spending): Reservation | null {
    const { tokens, cost } = this.available;
    if (this.#closed || amount.tokens > tokens || amount.cost > cost * (1 + ROUNDING)) return null;
    const beyond = this.#lender === null ? null : this.#lender.reserve(amount);
    if (this.#lender !== null && beyond === null) return null;
    this.#reserved = sum(this.#reserved, amount);
    let open = true;
    const settle = (used: Spending): void => {
      if (!open) return;
      open = false;
      this.#reserved = less(this.#reserved, amount);
      this.#spent = sum(this.#spent, used);
      beyond?.settle(used);
    };
    return { settle };
  }

  /**
   * A part of what is left, for somebody else: a run that this one starts, for example. It is free for nobody else until the
   * loan is closed; asks for more than there is are granted what there is.
   */
  lend(limits: BudgetLimits): Loan {
    const { tokens, cost } = this.available;
    const amount = { tokens: Math.min(limits.tokens ?? tokens, tokens), cost: Math.min(limits.cost ?? cost, cost) };
    const kept = finite(amount);
    const reservation = this.reserve(kept);
    const loan = new Budget(amount);
    const close = (): void => {
      loan.#closed = true;
      reservation?.settle(loan.spent);
    };
    return { budget: loan, close };
  }
}

/** A part of a budget in other hands. */
export interface Loan {
  readonly budget: Budget;
  /** Gives back what was not spent. From then on the loan grants nothing. */
  close(): void;
}

function limitOf(name: string, value = Number.POSITIVE_INFINITY): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new StageflowError({
    code: 'AGENT_OPTION_INVALID',
    message: `A budget has ${name} ${String(value)}.`,
    fix: 'Give a number from 0, or leave it out for no limit.',
    details: { option: name },
  });
}

/** Of an unlimited budget nothing needs to be kept free. */
function finite({ tokens, cost }: Spending): Spending {
  return { tokens: Number.isFinite(tokens) ? tokens : 0, cost: Number.isFinite(cost) ? cost : 0 };
}

function least(a: Spending, b: Spending): Spending {
  return { tokens: Math.min(a.tokens, b.tokens), cost: Math.min(a.cost, b.cost) };
}

function sum(a: Spending, b: Spending): Spending {
  return { tokens: a.tokens + b.tokens, cost: a.cost + b.cost };
}

/** Rounding must not leave less than nothing. */
function less(a: Spending, b: Spending): Spending {
  return { tokens: Math.max(0, a.tokens - b.tokens), cost: Math.max(0, a.cost - b.cost) };
}
