import type { StageGraph } from '../graph/index.js';

/** Who runs after whom in a graph. Found when first asked, since most pipelines never ask; then remembered. */
export class Ancestry {
  readonly #graph: StageGraph;
  readonly #upstream = new Map<number, ReadonlySet<number>>();

  constructor(graph: StageGraph) {
    this.#graph = graph;
  }

  /** Whether `reader` always runs after `writer`. */
  isUpstream(writer: string, reader: string): boolean {
    const from = this.#graph.indexOf(writer);
    const to = this.#graph.indexOf(reader);
    return from !== undefined && to !== undefined && this.#upstreamOf(to).has(from);
  }

  #upstreamOf(stage: number): ReadonlySet<number> {
    const known = this.#upstream.get(stage);
    if (known !== undefined) return known;
    const { dependencies } = this.#graph.topology;
    const found = new Set<number>();
    const pending = [stage];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const dependency of dependencies[next] ?? []) {
        if (found.has(dependency)) continue;
        found.add(dependency);
        pending.push(dependency);
      }
    }
    this.#upstream.set(stage, found);
    return found;
  }
}
