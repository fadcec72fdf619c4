import type { AccessRule } from '../auth/index.js';
import type { Contract } from '../contracts/index.js';
import type { StageGraph } from '../graph/index.js';
import type { AnyInterceptor, RunContext, StageClass, StageContext, StageInstance } from '../stage/index.js';
import type { ToolPort } from '../tools/index.js';

/** Decides, from the outputs it may read, whether a stage runs. Anything but a boolean is a failure. */
export type ConditionPredicate = (ctx: StageContext) => boolean;

/** What one stage promises and expects. */
export interface BoundContracts {
  /** Of its output. */
  readonly output: Contract | null;
  /** Of the run's input. */
  readonly input: Contract | null;
  /** Of outputs it reads, where their producers do not promise the same anyway. */
  readonly expects: readonly { readonly stage: string; readonly contract: Contract }[];
}

/** What runs behind one stage of a graph. */
export interface BoundStage {
  /** Shared by all runs; null for a run-scoped stage, which `openRun` gives. */
  readonly instance: StageInstance | null;
  /** Makes what is called in the place of the instance; absent: the instance itself is called. */
  readonly body?: ((instance: StageInstance) => StageInstance) | null;
  /** What `ctx.inputs.of(Class)` finds this stage by; null for functions and instances. */
  readonly stageClass: StageClass | null;
  /** The prefix its component was given in this pipeline. Absent or '': none. Names inside are looked up there first. */
  readonly namespace?: string;
  readonly condition: ConditionPredicate | null;
  /** Access rules, all of which must hold, with instances for policies. Absent or empty: none. */
  readonly access?: readonly AccessRule[];
  /** Those that apply to this stage, outermost first. */
  readonly interceptors: readonly AnyInterceptor[];
  /** Null if it has none. */
  readonly contracts: BoundContracts | null;
}

/** A graph with something to run behind every stage: made once, shared by all runs, never changed by them. */
export interface BoundPipeline {
  readonly graph: StageGraph;
  /** By stage index of `graph`. */
  readonly stages: readonly BoundStage[];
  /** Absent: the pipeline has no tools. */
  readonly tools?: ToolPort;
  /** Builds what belongs to one run; null if nothing does. Called before the first stage starts. */
  readonly openRun: ((run: RunContext) => RunInstances | Promise<RunInstances>) | null;
}

/** The run-scoped instances of one run. */
export interface RunInstances {
  /** Only asked for stages whose `instance` is null. */
  stage(index: number): StageInstance;
  /** Disposes them, in reverse order of construction; called once, after the cleanups of the run. */
  close(): void | Promise<void>;
}
