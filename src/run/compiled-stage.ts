import type { AccessRule } from '../auth/index.js';
import type { InlineChain, OutermostCall } from '../interceptors/index.js';
import type { StageClass, StageContext, StageInstance, StageSpec } from '../stage/index.js';
import type { Ancestry } from './ancestry.js';
import type { BoundPipeline, ConditionPredicate } from './bound-pipeline.js';
import type { GuardLoop } from './guard-loop.js';
import type { SchedulePlan } from './scheduler.js';

/** How a stage is called. What a run and an execution are, only `call-stage.ts` knows, which these functions are from. */
export type StageEntry = (run: never, execution: never, ctx: StageContext) => void;

/** One stage, ready to run any number of times. */
export interface CompiledStage {
  readonly index: number;
  readonly spec: StageSpec;
  readonly name: string;
  readonly instance: StageInstance | null;
  /** Makes what is called of an instance that belongs to one run; null to call that itself. */
  readonly bodyOfRun: ((instance: StageInstance) => StageInstance) | null;
  readonly stageClass: StageClass | null;
  /** Where names it reads are looked up first; '' for none. */
  readonly namespace: string;
  readonly condition: ConditionPredicate | null;
  /** What the caller must be to use it; null if whoever gets there may. */
  readonly access: readonly AccessRule[] | null;
  /** Its rules let everybody in. */
  readonly isPublic: boolean;
  /** Among its rules are policies. */
  readonly asksPolicies: boolean;
  /** Neither condition nor quorums: it runs when its dependencies let it, and its caller may use it. */
  readonly isOpen: boolean;
  /** Calls it, with what is around it. */
  readonly enter: StageEntry;
  /** Indexes of the stages this one may read. */
  readonly dependencies: readonly number[];
  /** The whole onion around the stage; null if there is none, and the stage is called directly. */
  readonly onion: OutermostCall | null;
  /** The DTO class whose instances the stage may return besides plain objects; null without such a contract. */
  readonly outputClass: Function | null;
  /** What its output contract is called; null without one. */
  readonly contract: string | null;
  /** What stands around a direct call and needs no wait; null for nothing. Never together with an onion. */
  readonly inline: InlineChain | null;
  /** The limit around the onion, or around a direct call, in ms; 0 for none. Others are layers of the onion. */
  readonly outerLimitMs: number;
  /**
   * All its dependents, of which there are some, can do without it: its failure does not end the run. Never so for a
   * guard.
   */
  readonly tolerated: boolean;
  /** What it did is undone when the run fails or is cancelled. Such a stage has an onion. */
  readonly compensates: boolean;
  /** Where it sends the run back to when it fails; null for all but a few guards. */
  readonly loop: GuardLoop | null;
}

/** A bound pipeline with everything worked out that does not change from run to run. */
export interface CompiledPipeline {
  readonly bound: BoundPipeline;
  readonly stages: readonly CompiledStage[];
  readonly schedule: SchedulePlan;
  readonly limit: number;
  readonly ancestry: Ancestry;
  /** DTO classes that stages expect the input of the run to keep: they say what in it is sensitive. */
  readonly inputClasses: readonly Function[];
  /** Stages by class; a class used more than once maps to -1. */
  readonly byClass: ReadonlyMap<StageClass, number>;
}
