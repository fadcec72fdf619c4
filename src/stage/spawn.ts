import type { SnapshotFieldsInit } from '../context/index.js';
import type { EventSink } from '../events/index.js';

/** What a run that `ctx.spawn` started has given: its `RunResults`. */
// Filled in by src/run, where results are made: this folder knows no runs. any: results of whatever pipeline.
export interface ChildResults<in out M = any> {
  /** Type only. */
  readonly '~outputs'?: (outputs: M) => M;
}

/** A pipeline that has been built, as `ctx.spawn` takes it. Carries the types of its outputs. */
// any: whatever pipeline.
export interface SpawnablePipeline<in out M = any> {
  readonly '~pipeline': { readonly bound: object; readonly outputs?: (outputs: M) => M };
}

/** A module of the application, by its class or as the dynamic module object that was imported. */
// any: constructor parameters are filled by the container; nothing here looks at them.
export type SpawnableModule = (new (...args: any[]) => object) | { readonly module: new (...args: any[]) => object };

/** What the run is started with. Who it is for, and where it comes from, is that of the run that starts it. */
export type SpawnInput<I = unknown> = SnapshotFieldsInit<I>;

export interface SpawnOptions {
  /** What of the own snapshot the run gets as well, where `input` does not say otherwise. Default: nothing. */
  readonly inherit?: readonly (keyof SnapshotFieldsInit)[];
  /** The run fails with RUN_TIMEOUT if it takes longer, in ms. It never outlives the stage anyway. 0 means no limit of its own. */
  readonly timeoutMs?: number;
  /** How many of its stages may run at once: narrows what the pipeline and the run that starts it allow. */
  readonly maxConcurrency?: number;
  /** Cancels the run when it aborts, in addition to everything that cancels the stage. */
  readonly signal?: AbortSignal;
  /** Receive the events of the run and of those it starts, after all others. */
  readonly sinks?: readonly EventSink[];
}
