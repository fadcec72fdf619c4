/*
 * Decides which stage may start next. A pure state machine: no promises, no clock, no I/O, no user code, so that another
 * driver (a durable one, say) can use it unchanged.
 *
 * Owns: how many dependencies each stage still waits for, the ready queue, how many stages are running.
 * Does not own: what a stage is, whether its condition holds, when it finishes. The driver says so through `complete`.
 *
 * Invariants
 *  1. `next` gives a stage only after `complete` was called for every one of its dependencies.
 *  2. Between two resets of it `next` gives a stage at most once; at most `limit` are between `next` and `complete`.
 *  3. After `reset` everything is as if the stages reset had never been reached: what stands is older than none of them.
 *  4. Cost of a run, and of a reset, is linear in stages and edges; nothing recurses.
 */
import { FifoQueue, PriorityQueue, type ReadyQueue } from './ready-queue.js';

/** What a finished stage means to its dependents. */
export const Settlement = {
  /** It completed, or ran and skipped: dependents may run. */
  Unlocks: 0,
  /** It was not selected: dependents run only if something else they require was. */
  NotSelected: 1,
  /** It failed or was cancelled, or was blocked itself: dependents that require it cannot run. */
  Blocks: 2,
} as const;
export type Settlement = (typeof Settlement)[keyof typeof Settlement];

/** What should happen to a stage whose dependencies have all finished. */
export const Verdict = { Run: 0, NotSelected: 1, Blocked: 2 } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

/** The part of a graph that scheduling needs, compiled once. Plain arrays: cheaper to copy per run than typed ones. */
export interface SchedulePlan {
  /** How many dependencies each stage has. */
  readonly indegree: readonly number[];
  /** How many of them are required. */
  readonly requiredCount: readonly number[];
  /** Dependents of stage i: `dependents[k]` for k in `dependentOffsets[i]` … `dependentOffsets[i + 1]`. */
  readonly dependentOffsets: ArrayLike<number>;
  readonly dependents: ArrayLike<number>;
  /** 1 where the dependent at the same place does not require the stage. */
  readonly dependentOptional: ArrayLike<number>;
  /** Stages without dependencies, in declaration order. */
  readonly roots: readonly number[];
  /** By stage; null when all are equal. */
  readonly priorities: readonly number[] | null;
}

// Members are private by type only: a `#method` costs more to call than what most of them do.
export class Scheduler {
  private readonly plan: SchedulePlan;
  private readonly limit: number;
  private readonly waitingFor: number[];
  private readonly ready: ReadyQueue;
  private runningCount = 0;
  private unsettled: number;
  /** Every settlement so far unlocked its dependents. */
  private uniform = true;
  // Most runs never need these two; they appear with the first stage that is not selected, or fails.
  // How many of the required dependencies of each stage were not selected, or block it.
  private notSelected: Int32Array | null = null;
  private blocked: Int32Array | null = null;
  /** How each stage settled, for those that did not unlock. */
  private settlements: Uint8Array | null = null;

  /** @param limit how many stages may run at once; Infinity for no limit */
  constructor(plan: SchedulePlan, limit: number) {
    this.plan = plan;
    this.limit = limit;
    this.waitingFor = plan.indegree.slice();
    this.unsettled = plan.indegree.length;
    this.ready = plan.priorities === null ? new FifoQueue() : new PriorityQueue(plan.priorities);
    for (const root of plan.roots) this.ready.push(root);
  }

  /** Stages between `next` and `complete`. */
  get running(): number {
    return this.runningCount;
  }

  /** Every settlement so far unlocked its dependents: the verdict on all stages is to run. */
  get isUniform(): boolean {
    return this.uniform;
  }

  /** True when every stage has been completed. */
  get done(): boolean {
    return this.unsettled === 0;
  }

  /** The stage to deal with next, or -1 if none is ready or the limit is reached. The driver asks `verdict` what to do. */
  next(): number {
    if (this.runningCount >= this.limit) return -1;
    const stage = this.ready.shift();
    if (stage >= 0) this.runningCount++;
    return stage;
  }

  verdict(stage: number): Verdict {
    return this.uniform ? Verdict.Run : this.verdictOf(stage);
  }

  private verdictOf(stage: number): Verdict {
    if (this.blocked !== null && (this.blocked[stage] as number) > 0) return Verdict.Blocked;
    if (this.notSelected === null) return Verdict.Run;
    const required = this.plan.requiredCount[stage] as number;
    return required > 0 && (this.notSelected[stage] as number) >= required ? Verdict.NotSelected : Verdict.Run;
  }

  complete(stage: number, settlement: Settlement): void {
    this.runningCount--;
    this.unsettled--;
    if (settlement !== Settlement.Unlocks) this.mark(stage, settlement);
    const { dependents, dependentOffsets } = this.plan;
    const waitingFor = this.waitingFor;
    const end = dependentOffsets[stage + 1] as number;
    for (let edge = dependentOffsets[stage] as number; edge < end; edge++) {
      const dependent = dependents[edge] as number;
      if (--waitingFor[dependent]! === 0) this.ready.push(dependent);
    }
  }

  /**
   * Takes back what was completed, so that it is done again. The driver sees to it that none of them is running.
   * @param stages with everything downstream of them; each once
   */
  reset(stages: readonly number[]): void {
    const isReset = new Set(stages);
    const wereReady = new Set(this.ready.remove((stage) => isReset.has(stage)));
    // Nothing of it runs: what waits for nothing is ready, or completed.
    const completed = stages.filter((stage) => this.waitingFor[stage] === 0 && !wereReady.has(stage));
    for (const stage of completed) this.takeBack(stage);
    this.unsettled += completed.length;
    for (const stage of stages) if (this.waitingFor[stage] === 0) this.ready.push(stage);
  }

  private takeBack(stage: number): void {
    const { dependents, dependentOffsets } = this.plan;
    const end = dependentOffsets[stage + 1] as number;
    for (let edge = dependentOffsets[stage] as number; edge < end; edge++) {
      this.waitingFor[dependents[edge] as number]!++;
    }
    const settlement = this.settlements === null ? Settlement.Unlocks : (this.settlements[stage] as Settlement);
    if (settlement !== Settlement.Unlocks) this.count(stage, settlement, -1);
  }

  private mark(stage: number, settlement: Settlement): void {
    const count = this.plan.indegree.length;
    this.uniform = false;
    if (settlement === Settlement.Blocks) this.blocked ??= new Int32Array(count);
    else this.notSelected ??= new Int32Array(count);
    this.count(stage, settlement, 1);
  }

  /** Counts a settlement at the dependents that require the stage, or takes the count back. */
  private count(stage: number, settlement: Settlement, by: 1 | -1): void {
    const { dependents, dependentOffsets, dependentOptional, indegree } = this.plan;
    this.settlements ??= new Uint8Array(indegree.length);
    this.settlements[stage] = by === 1 ? settlement : Settlement.Unlocks;
    const counts = (settlement === Settlement.Blocks ? this.blocked : this.notSelected) as Int32Array;
    const end = dependentOffsets[stage + 1] as number;
    for (let edge = dependentOffsets[stage] as number; edge < end; edge++) {
      if (dependentOptional[edge] === 0) counts[dependents[edge] as number]! += by;
    }
  }
}
