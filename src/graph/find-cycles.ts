/**
 * Finds the cycles of a graph: one for each group of stages that all reach each other, the shortest through the
 * group's first declared stage. A path starts and ends with that stage, and each stage in it depends on the next.
 *
 * Linear in stages and edges, and without recursion: a chain of 100,000 stages would overflow the stack.
 */
export function findCycles(dependencies: readonly (readonly number[])[]): number[][] {
  const { componentOf, sizes } = findComponents(dependencies);
  const cameFrom = new Int32Array(dependencies.length).fill(UNSEEN);
  const reported = new Uint8Array(sizes.length);
  const cycles: number[][] = [];
  for (let stage = 0; stage < dependencies.length; stage++) {
    const component = componentOf[stage]!;
    if (sizes[component]! < 2 || reported[component] === 1) continue;
    reported[component] = 1;
    cycles.push(shortestCycle(stage, dependencies, componentOf, cameFrom));
  }
  return cycles;
}

const UNSEEN = -1;

interface Components {
  /** Per stage the number of its strongly connected component. */
  readonly componentOf: Int32Array;
  readonly sizes: readonly number[];
}

/** Tarjan's algorithm with its call stack kept by hand in `path` and `nextEdge`. */
function findComponents(dependencies: readonly (readonly number[])[]): Components {
  const count = dependencies.length;
  const componentOf = new Int32Array(count).fill(UNSEEN);
  const seenAt = new Int32Array(count).fill(UNSEEN);
  const low = new Int32Array(count);
  const nextEdge = new Int32Array(count);
  const open: number[] = []; // seen, component not yet known
  const path: number[] = []; // the stages being visited, each a dependency of the one before
  const sizes: number[] = [];
  let clock = 0;

  const enter = (stage: number): void => {
    seenAt[stage] = low[stage] = clock++;
    open.push(stage);
    path.push(stage);
  };
  const leave = (stage: number): void => {
    path.pop();
    const parent = path.at(-1);
    if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[stage]!);
    if (low[stage] !== seenAt[stage]) return;
    let size = 0;
    let member: number;
    do {
      member = open.pop()!;
      componentOf[member] = sizes.length;
      size++;
    } while (member !== stage);
    sizes.push(size);
  };

  for (let root = 0; root < count; root++) {
    if (seenAt[root] !== UNSEEN) continue;
    enter(root);
    while (path.length > 0) {
      const stage = path.at(-1)!;
      const dependency = dependencies[stage]![nextEdge[stage]!++];
      if (dependency === undefined) leave(stage);
      else if (seenAt[dependency] === UNSEEN) enter(dependency);
      else if (componentOf[dependency] === UNSEEN) low[stage] = Math.min(low[stage]!, seenAt[dependency]!);
    }
  }
  return { componentOf, sizes };
}

/** Breadth first from `start` along dependencies, inside its component, until back at `start`. */
function shortestCycle(
  start: number,
  dependencies: readonly (readonly number[])[],
  componentOf: Int32Array,
  cameFrom: Int32Array,
): number[] {
  const queue = [start];
  for (let head = 0; head < queue.length; head++) {
    const stage = queue[head]!;
    for (const dependency of dependencies[stage]!) {
      if (dependency === start) return pathBack(start, stage, cameFrom);
      if (componentOf[dependency] !== componentOf[start] || cameFrom[dependency] !== UNSEEN) continue;
      cameFrom[dependency] = stage;
      queue.push(dependency);
    }
  }
  throw new Error('A strongly connected component has a cycle through each of its members.');
}

function pathBack(start: number, last: number, cameFrom: Int32Array): number[] {
  const path = [start];
  for (let stage = last; stage !== start; stage = cameFrom[stage]!) path.push(stage);
  path.push(start);
  return path.reverse();
}
