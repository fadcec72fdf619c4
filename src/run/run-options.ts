import type { AuthContext, OrgContext } from '../auth/index.js';
import type { RunIdentityInit, SnapshotFieldsInit } from '../context/index.js';
import type { EventSink, RequestHeaders } from '../events/index.js';

/** What a run starts with. */
export interface RunInput<I = unknown> extends SnapshotFieldsInit<I> {
  /**
   * Ids of your own; a run id is made if you give none. Those of a verified caller (`userId`, `orgId`, `sessionId`) come
   * from the caller; another value is refused.
   */
  readonly identity?: RunIdentityInit;
  /** The token of the caller, without `Bearer `. Verified once, before the run begins; see the option `verifier`. */
  readonly token?: string | null | undefined;
  /** The caller, verified by you: not together with `token`. Default: anonymous. */
  readonly auth?: AuthContext;
  /** With `auth`: its organisation. With `token`: the one the run is for; a token of another is refused. */
  readonly org?: OrgContext;
}

export interface RunOptions {
  /** Cancels the run when it aborts. */
  readonly signal?: AbortSignal;
  /** The run fails with RUN_TIMEOUT if it takes longer. Default: no limit. 0 means no limit. */
  readonly timeoutMs?: number;
  /** Receive the events of this run, after the engine's own sinks. */
  readonly sinks?: readonly EventSink[];
  /**
   * Headers of the request that the run is for, handed to sinks that ask: tracing goes on with the trace they name. They are
   * in no event.
   */
  readonly headers?: RequestHeaders;
  /** Overrides the pipeline's own `maxConcurrency`. */
  readonly maxConcurrency?: number;
  /** The execution mode: only tools that have it among their `behaviors`, or have none, may be called. */
  readonly toolMode?: string;
}
