import type { SpawnableModule, SpawnablePipeline, SpawnInput } from './spawn.js';
import type { StageContext } from './stage-context.js';

/** Why a loop has ended. */
export const LoopReason = {
  /** `until` said so. */
  Until: 'until',
  /** It was done `maxIterations` times. */
  MaxIterations: 'max-iterations',
  /** `timeoutMs` passed; an iteration that was going on was told to stop, and what it gave is dropped. */
  Deadline: 'deadline',
  /** It gave the same `stagnation` times in a row. */
  Stagnation: 'stagnation',
} as const;
export type LoopReason = (typeof LoopReason)[keyof typeof LoopReason];

/** What one iteration of a loop is done with. `T` is what an iteration hands on. */
// any: a context of whatever loop, in helpers that do not look at its outputs.
export interface LoopContext<out T = any, in out D = any, out I = unknown> extends StageContext<D, I> {
  /** 1 for the first. */
  readonly iteration: number;
  /** What the iteration before handed on; undefined in the first. */
  readonly previous: T | undefined;
}

/** How a loop has ended. Switch on `reason`: only `until` says that it has come to what it was for. */
export type LoopResult<T> =
  | {
      readonly reason: Exclude<LoopReason, 'deadline'>;
      /** How many were completed. */
      readonly iterations: number;
      /** What the last of them handed on. */
      readonly output: T;
    }
  | { readonly reason: 'deadline'; readonly iterations: number; readonly output: T | undefined };

/** What bounds a loop: the number of iterations, or the time, or both. */
export type LoopBound =
  | {
      /** At least 1. */
      readonly maxIterations: number;
      /** For all iterations together, in ms. Default: no limit. */
      readonly timeoutMs?: number;
    }
  | { readonly maxIterations?: undefined; readonly timeoutMs: number };

/** What is to be known of a loop, besides its bound. */
export interface LoopOptions<in T> {
  /** Asked after every iteration; true ends the loop. Not a promise. What it throws fails the stage. */
  // any: what it may read is checked where the stage is declared.
  readonly until: (output: T, ctx: LoopContext<any>) => boolean;
  /** The loop ends when this many iterations in a row have given the same, at least 2. Default: it goes on. */
  readonly stagnation?: number;
}

/** A run of another pipeline for every iteration. */
export interface LoopRun {
  readonly run: SpawnableModule | SpawnablePipeline;
  /** What the run is started with. Default: nothing. */
  readonly input?: (ctx: LoopContext<any>) => SpawnInput;
}
