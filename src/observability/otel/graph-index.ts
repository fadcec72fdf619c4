import type { OpeningStage } from '../../events/index.js';

/** The stages of a graph, to be found by name, and what depends on each. */
export class GraphIndex {
  readonly stages: readonly OpeningStage[];
  readonly byName: ReadonlyMap<string, OpeningStage>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;

  constructor(stages: readonly OpeningStage[]) {
    this.stages = stages;
    this.byName = new Map(stages.map((stage) => [stage.name, stage]));
    const dependents = new Map<string, string[]>(stages.map(({ name }) => [name, []]));
    for (const { name, dependsOn } of stages) for (const { stage } of dependsOn) dependents.get(stage)?.push(name);
    this.dependents = dependents;
  }
}

/** One index per graph: all its runs show the same list of stages. */
export class GraphIndexes {
  readonly #known = new WeakMap<readonly OpeningStage[], GraphIndex>();

  of(stages: readonly OpeningStage[]): GraphIndex {
    let index = this.#known.get(stages);
    if (index === undefined) {
      index = new GraphIndex(stages);
      this.#known.set(stages, index);
    }
    return index;
  }
}
