import type { AuthContext, OrgContext } from '../auth/index.js';
import type { RunIdentityInit, SnapshotFieldsInit } from '../context/index.js';
import type { EventSink } from '../events/index.js';

/** What a run starts with. */
export interface RunInput<I = unknown> extends SnapshotFieldsInit<I> {
  /** Ids of your own; a run id is made if you give none. */
  readonly identity?: RunIdentityInit;
  /** The verified caller. Default: anonymous. */
  readonly auth?: AuthContext;
  readonly org?: OrgContext;
}

export interface RunOptions {
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal;
  /** The run fails with RUN_TIMEOUT if it takes longer. Default: no limit. 0 means no limit. */
  readonly timeoutMs?: number;
  /** Receive the events of this run, after the engine's own sinks. */
  readonly sinks?: readonly EventSink[];
  /** Overrides the pipeline's own `maxConcurrency`. */
  readonly maxConcurrency?: number;
}
