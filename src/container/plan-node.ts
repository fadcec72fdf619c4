import { Scope, tokenName } from '../metadata/index.js';
import type { ModuleNode, ProviderRecord } from './wiring-records.js';

export interface PlannedDependency {
  /** Null: nothing is there, and `undefined` is passed. */
  readonly node: PlanNode | null;
  readonly form: 'value' | 'lazy' | 'stand-in';
}

/** One provider with what it needs: what the container works with once nothing is left to look up. */
export class PlanNode {
  /** The position of its value among those of the application. */
  readonly index: number;
  readonly record: ProviderRecord;
  /** Who asked for it first; null if nobody did, but `module` lists it. */
  readonly neededBy: PlanNode | null;
  /** Where the chain that leads here starts. */
  readonly module: ModuleNode;

  // Written while the plan is made, never after.
  dependencies: readonly PlannedDependency[] = [];
  /** The position in an order in which everything comes after what it needs. */
  order = -1;
  scope: Scope = Scope.Singleton;
  /** It, or something it needs, belongs to one run. */
  needsRun = false;
  /** What stands behind it if it is another name; else itself. */
  target: PlanNode = this;
  /** The next step on a shortest way to what makes it need a run. */
  towardsRun: PlanNode | null = null;

  constructor(index: number, record: ProviderRecord, neededBy: PlanNode | null, module: ModuleNode) {
    this.index = index;
    this.record = record;
    this.neededBy = neededBy;
    this.module = module;
  }

  get name(): string {
    return tokenName(this.record.token);
  }
}

/** From the module down to a provider: who asked for whom. */
export function chainTo(node: PlanNode): readonly string[] {
  const chain: string[] = [];
  for (let step: PlanNode | null = node; step !== null; step = step.neededBy) chain.push(step.name);
  return [node.module.name, ...chain.reverse()];
}

const SHOWN_AT_EACH_END = 8;

/** A path for a message. The middle of a very long one is left out; `details` have it whole. */
export function showPath(path: readonly string[]): string {
  if (path.length <= 2 * SHOWN_AT_EACH_END + 1) return path.join(' → ');
  const left = path.length - 2 * SHOWN_AT_EACH_END;
  return [...path.slice(0, SHOWN_AT_EACH_END), `… ${left} more …`, ...path.slice(-SHOWN_AT_EACH_END)].join(' → ');
}
