import { type PlanNode, showPath } from './plan-node.js';
import type { ProblemList } from './problem-list.js';

interface Visit {
  readonly node: PlanNode;
  next: number;
}

/**
 * Sorts nodes so that each comes after what it needs, and sets `order`. Lazy dependencies do not count, which is what
 * they are for. Circles are reported as paths. Iterative: depth costs no stack.
 */
export function orderNodes(nodes: readonly PlanNode[], problems: ProblemList): readonly PlanNode[] {
  const ordered: PlanNode[] = [];
  const entered = new Set<PlanNode>();
  const open = new Map<PlanNode, number>();
  const stack: Visit[] = [];
  const enter = (node: PlanNode): void => {
    entered.add(node);
    open.set(node, stack.length);
    stack.push({ node, next: 0 });
  };
  for (const root of nodes) {
    if (!entered.has(root)) enter(root);
    for (let visit = stack.at(-1); visit !== undefined; visit = stack.at(-1)) {
      const { node } = visit;
      if (visit.next >= node.dependencies.length) {
        stack.pop();
        open.delete(node);
        node.order = ordered.length;
        ordered.push(node);
        continue;
      }
      const dependency = node.dependencies[visit.next++];
      if (dependency === undefined || dependency.node === null || dependency.form !== 'value') continue;
      const start = open.get(dependency.node);
      if (start !== undefined) reportCycle([...stack.slice(start).map((v) => v.node), dependency.node], problems);
      else if (!entered.has(dependency.node)) enter(dependency.node);
    }
  }
  return ordered;
}

function reportCycle(nodes: readonly PlanNode[], problems: ProblemList): void {
  const path = nodes.map((node) => node.name);
  const [first] = path;
  problems.add(
    'DI_CYCLE',
    `Providers need each other in a circle: ${showPath(path)}.`,
    `Move what they share into a third class, or let one name the other late: @Inject(lazy(() => ${first})) with a parameter of type Lazy<${first}>.`,
    { path },
  );
}
