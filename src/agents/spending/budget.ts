/*
 * What may be spent, kept free before it is.
 *
 * Invariants
 *  1. What is spent and what is kept free for calls under way together never pass a limit, but for what a call uses beyond
 *     what it asked for; and then nothing further is granted.
 *  2. Every reservation is settled once; what it did not use is free again.
 *  3. What a loan has spent stays spent by whoever lent it; the rest comes back when the loan is closed.
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

/** A part of a budget in other hands. */
export interface Loan {
  readonly budget: Budget;
  /** Gives back what was not spent. From then on the loan grants nothing. */
  close(): void;
}

/** Sums of prices are not exact. */
const ROUNDING = 1e-12;
const NONE: Spending = Object.freeze({ tokens: 0, cost: 0 });

/** What several agents, or several runs of one, may spend together. Safe to share: each takes before it spends. */
export class Budget {
  readonly limits: Readonly<Required<BudgetLimits>>;
  #spent: Spending = NONE;
  #reserved: Spending = NONE;
  #closed = false;

  /** @throws AGENT_OPTION_INVALID for a limit below 0 */
  constructor(limits: BudgetLimits = {}) {
    this.limits = Object.freeze({ tokens: limitOf('tokens', limits.tokens), cost: limitOf('cost', limits.cost) });
  }

  /** By calls that are over. */
  get spent(): Spending {
    return this.#spent;
  }

  /** What can still be reserved. */
  get available(): Spending {
    if (this.#closed) return NONE;
    return {
      tokens: Math.max(0, this.limits.tokens - this.#spent.tokens - this.#reserved.tokens),
      cost: Math.max(0, this.limits.cost - this.#spent.cost - this.#reserved.cost),
    };
  }

  /** Keeps an amount free for a call. @returns null if there is not so much left */
  reserve(amount: Spending): Reservation | null {
    const { tokens, cost } = this.available;
    if (this.#closed || amount.tokens > tokens || amount.cost > cost * (1 + ROUNDING)) return null;
    this.#reserved = sum(this.#reserved, amount);
    let open = true;
    const settle = (used: Spending): void => {
      if (!open) return;
      open = false;
      this.#reserved = less(this.#reserved, amount);
      this.#spent = sum(this.#spent, used);
    };
    return { settle };
  }

  /** A part of what is left, for somebody else, at most what there is. It is free for nobody else until the loan is closed. */
  lend(limits: BudgetLimits): Loan {
    return lendFrom([this], limits);
  }

  /** @internal */
  static closeLoan(loan: Budget): void {
    loan.#closed = true;
  }
}

/** A loan that several budgets give together: each keeps the whole of it free. */
export function lendFrom(budgets: readonly Budget[], limits: BudgetLimits): Loan {
  const left = budgets.map(({ available }) => available);
  const amount = {
    tokens: Math.min(limits.tokens ?? Number.POSITIVE_INFINITY, ...left.map(({ tokens }) => tokens)),
    cost: Math.min(limits.cost ?? Number.POSITIVE_INFINITY, ...left.map(({ cost }) => cost)),
  };
  const loan = new Budget(amount);
  const kept = budgets.map((budget) => budget.reserve(finite(amount)));
  const close = (): void => {
    Budget.closeLoan(loan);
    for (const reservation of kept) reservation?.settle(loan.spent);
  };
  return { budget: loan, close };
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

/** Of what has no limit nothing needs to be kept free. */
function finite({ tokens, cost }: Spending): Spending {
  return { tokens: Number.isFinite(tokens) ? tokens : 0, cost: Number.isFinite(cost) ? cost : 0 };
}

function sum(a: Spending, b: Spending): Spending {
  return { tokens: a.tokens + b.tokens, cost: a.cost + b.cost };
}

/** Rounding must not leave less than nothing. */
function less(a: Spending, b: Spending): Spending {
  return { tokens: Math.max(0, a.tokens - b.tokens), cost: Math.max(0, a.cost - b.cost) };
}
