/*
 * A budget that a run brings along: all its agents draw on it, and so do those of the runs it starts that inherit its
 * extensions, or are lent a part.
 */
import { randomUUID } from 'node:crypto';
import { type ExtensionEntry, extensionToken } from '../../context/index.js';
import type { StageContext } from '../../stage/index.js';
import { Budget, type BudgetLimits, type Loan, lendFrom } from './budget.js';

interface StoredBudget extends BudgetLimits {
  /** For a loan: what it is found by while it is open. */
  readonly loan?: string;
}

const RUN_BUDGET = extensionToken<StoredBudget>('stageflow.budget');

/** By what stands in the snapshot, which is the same object in all runs that inherit it. */
const budgets = new WeakMap<StoredBudget, Budget>();
/** A loan is given to a run by value; it is here from when it is given until it is closed. */
const openLoans = new Map<string, Budget>();

/**
 * What a run may spend, all its agents together: `app.run(Chat, { inputText, extensions: [runBudget({ tokens: 50_000 })] })`. A
 * run that is resumed begins with all of it.
 * @throws AGENT_OPTION_INVALID for a limit below 0
 */
export function runBudget(limits: BudgetLimits): ExtensionEntry {
  return RUN_BUDGET.of(stored(new Budget(limits)));
}

/** The budget that the run of a stage brought along; null for none. */
export function budgetOfRun({ snapshot }: Pick<StageContext, 'snapshot'>): Budget | null {
  const given = snapshot.extensions.get(RUN_BUDGET);
  if (given === undefined) return null;
  let budget = budgets.get(given);
  if (budget === undefined) {
    // A loan of another process, as in a run that is resumed, is at least no larger than it was.
    budget = openLoans.get(given.loan ?? '') ?? new Budget(given);
    budgets.set(given, budget);
  }
  return budget;
}

/**
 * Lends a part of a budget to whatever `use` starts, and takes back what is left when that has settled:
 * `withLoan(budget, { tokens: 5_000 }, (loan) => ctx.spawn(Research, { inputText, extensions: [loan] }))`.
 */
export function withLoan<T>(
  budget: Budget,
  limits: BudgetLimits,
  use: (loan: ExtensionEntry) => Promise<T>,
): Promise<T> {
  return onLoan(budget.lend(limits), use);
}

/** The same with several budgets, each of which lends the whole. */
export function withLoanOf<T>(
  lenders: readonly Budget[],
  limits: BudgetLimits,
  use: (loan: ExtensionEntry) => Promise<T>,
): Promise<T> {
  return onLoan(lendFrom(lenders, limits), use);
}

async function onLoan<T>({ budget, close }: Loan, use: (loan: ExtensionEntry) => Promise<T>): Promise<T> {
  const loan = randomUUID();
  openLoans.set(loan, budget);
  try {
    return await use(RUN_BUDGET.of({ ...stored(budget), loan }));
  } finally {
    openLoans.delete(loan);
    close();
  }
}

/** JSON has no word for what has no limit. */
function stored({ limits: { tokens, cost } }: Budget): StoredBudget {
  return { ...(Number.isFinite(tokens) ? { tokens } : {}), ...(Number.isFinite(cost) ? { cost } : {}) };
}

/** What the agents are spending from that are at work, by their run and stage, which may ask several things at once. */
const atWork = new WeakMap<object, Map<string, Set<readonly Budget[]>>>();

/** The budgets that the agents behind `ctx` spend from; none where there are none, or they have no limit. */
export function budgetsAtWork({ snapshot, stage }: StageContext): readonly Budget[] {
  const ofStage = atWork.get(snapshot)?.get(stage.name);
  return ofStage === undefined ? [] : [...new Set([...ofStage].flat())];
}

/** Lets what an agent calls know what it may lend. */
export async function whileSpending<T>(
  { snapshot, stage }: StageContext,
  spending: readonly Budget[],
  work: () => Promise<T>,
): Promise<T> {
  const byStage = atWork.get(snapshot) ?? new Map<string, Set<readonly Budget[]>>();
  atWork.set(snapshot, byStage);
  const ofStage = byStage.get(stage.name) ?? new Set();
  byStage.set(stage.name, ofStage.add(spending));
  try {
    return await work();
  } finally {
    ofStage.delete(spending);
  }
}
