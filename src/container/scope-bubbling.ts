import { Scope } from '../metadata/index.js';
import type { PlanNode } from './plan-node.js';

/**
 * Decides how long every instance lives. What needs something of one run, also lazily, belongs to a run itself; the rest
 * is as declared, by default a singleton.
 */
export function bubbleScopes(ordered: readonly PlanNode[]): void {
  markRunBound(ordered);
  for (const node of ordered) {
    // Another name lives as long as what it names, which comes before it in the order.
    if (node.record.source.kind === 'existing') node.target = node.dependencies[0]?.node?.target ?? node;
    node.scope = node.target === node ? scopeOf(node) : node.target.scope;
  }
}

/** Breadth first from what is of one run to whoever needs it, so that `towardsRun` shows a shortest way. */
function markRunBound(nodes: readonly PlanNode[]): void {
  const askers = new Map<PlanNode, PlanNode[]>();
  for (const node of nodes) {
    for (const dependency of node.dependencies) {
      if (dependency.node === null) continue;
      const known = askers.get(dependency.node);
      if (known === undefined) askers.set(dependency.node, [node]);
      else known.push(node);
    }
  }
  const bound = nodes.filter(isRunBound);
  for (const node of bound) node.needsRun = true;
  for (const node of bound) {
    for (const asker of askers.get(node) ?? []) {
      if (asker.needsRun) continue;
      asker.needsRun = true;
      asker.towardsRun = node;
      bound.push(asker);
    }
  }
}

function isRunBound({ record: { source, scope } }: PlanNode): boolean {
  return source.kind === 'run' || scope === Scope.Run || scope === Scope.Tenant;
}

function scopeOf({ record, needsRun }: PlanNode): Scope {
  if (record.scope === Scope.Transient) return Scope.Transient;
  return needsRun ? Scope.Run : Scope.Singleton;
}

/** From a node to what makes it need a run. */
export function pathToRun(node: PlanNode): readonly string[] {
  const path: string[] = [];
  for (let step: PlanNode | null = node; step !== null; step = step.towardsRun) path.push(step.name);
  return path;
}
