import { type AuthContext, OrgContext } from '../../auth/index.js';
import type { StageflowLogger } from '../../events/index.js';
import type { ToolContext } from '../../stage/index.js';
import type { Decider } from '../approval/index.js';
import type { UndoEntry } from './undo-entry.js';

/** What the `undo` of a tool works with: the run is over, so nothing can be told to it. */
export class UndoContext implements ToolContext {
  readonly runId: string;
  readonly callId: string;
  /** The same for every attempt to undo this call. */
  readonly idempotencyKey: string;
  /** Whoever undoes, who need not be the caller of the run. */
  readonly auth: AuthContext;
  readonly org: OrgContext;
  readonly signal: AbortSignal;
  readonly logger: StageflowLogger;

  constructor({ id, runId, callId, tool }: UndoEntry, by: Decider, signal: AbortSignal, logger: StageflowLogger) {
    this.runId = runId;
    this.callId = callId;
    this.idempotencyKey = `undo/${id}`;
    this.auth = by.auth;
    this.org = by.org ?? OrgContext.none;
    this.signal = signal;
    this.logger = logger.child({ tool, callId, runId });
  }

  progress(): void {}
  emit(): void {}
  recordUndo(): void {}
}
