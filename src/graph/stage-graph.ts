import { DefinitionError } from '../errors/index.js';
import type { StageSpec } from '../stage/index.js';
import { analyseGraph, type GraphAnalysis } from './analyse.js';
import type { FailurePolicy, GraphInit } from './graph-init.js';
import { hashPlan, PLAN_VERSION, type PlanJson, planHashMismatch, readPlan } from './plan.js';
import { quote } from './quote.js';
import { type Topology, topologyOf } from './topology.js';

/**
 * The validated topology of a pipeline, as data: which stages there are and what waits for what. It holds nothing to
 * run, is immutable, and is shared by all runs.
 */
export class StageGraph {
  readonly name: string;
  readonly failurePolicy: FailurePolicy;
  /** How many stages may run at once; null for no limit. */
  readonly maxConcurrency: number | null;
  /** In declaration order; the position of a stage is its index. */
  readonly stages: readonly StageSpec[];
  readonly topology: Topology;
  readonly #indexByName: ReadonlyMap<string, number>;
  #hash: string | null = null;

  private constructor({ draft, indexByName, dependencies, adjacency, order }: GraphAnalysis) {
    this.name = draft.name;
    this.failurePolicy = draft.failurePolicy;
    this.maxConcurrency = draft.maxConcurrency;
    this.stages = Object.freeze(draft.stages);
    this.topology = topologyOf(draft.stages, dependencies, adjacency, order);
    this.#indexByName = indexByName;
    Object.freeze(this);
  }

  /**
   * Checks a definition and makes its graph. Linear in stages and dependencies.
   * @throws DefinitionError with every problem that `validateGraph` finds.
   */
  static create(init: GraphInit): StageGraph {
    const analysis = analyseGraph(init);
    if (analysis.problems.length > 0) {
      throw new DefinitionError(`pipeline ${quote(analysis.draft.name)}`, analysis.problems);
    }
    return new StageGraph(analysis);
  }

  /**
   * Reads what `toJSON` wrote, after `JSON.parse`. Keys it does not know are ignored.
   * @throws DefinitionError with one GRAPH_PLAN_INVALID per defect, if the value is not a plan of a version this
   * release reads, holds a graph that does not validate, or was changed after it was written.
   */
  static fromJSON(json: unknown): StageGraph {
    const { analysis, hash } = readPlan(json);
    const graph = new StageGraph(analysis);
    if (graph.hash !== hash) throw planHashMismatch(graph.name, hash, graph.hash);
    return graph;
  }

  /** The number of stages. */
  get size(): number {
    return this.stages.length;
  }

  /** SHA-256 in hex of everything the plan says. Equal for equal plans, whatever wrote them. Computed when first read. */
  get hash(): string {
    this.#hash ??= hashPlan(this);
    return this.#hash;
  }

  /** The index of a stage; `undefined` if there is none of that name. */
  indexOf(stage: string): number | undefined {
    return this.#indexByName.get(stage);
  }

  /** The graph as plain data, to store it or show it elsewhere; `fromJSON` reads it back. */
  toJSON(): PlanJson {
    const { name, failurePolicy, maxConcurrency, stages, hash } = this;
    return { version: PLAN_VERSION, name, failurePolicy, maxConcurrency, stages, hash };
  }
}
