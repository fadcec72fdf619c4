import type { AuthContext, OrgContext } from '../auth/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { StageContext, ToolContext } from '../stage/index.js';
import type { ToolHost } from './tool-host.js';

/** What a handler sees of its call. What not every tool needs is made when first read. */
export class ToolCallContext implements ToolContext {
  readonly callId: string;
  /** What the handler kept; undefined if nothing. */
  undoData: unknown = undefined;
  kept = false;
  readonly #callKey: string;
  readonly #tool: string;
  readonly #ctx: StageContext;
  readonly #host: ToolHost;

  /** @param ctx that of the stage, or the one of a limited call in it */
  constructor(tool: string, callId: string, callKey: string, ctx: StageContext, host: ToolHost) {
    this.#tool = tool;
    this.callId = callId;
    this.#callKey = callKey;
    this.#ctx = ctx;
    this.#host = host;
  }

  get runId(): string {
    return this.#ctx.runId;
  }

  get idempotencyKey(): string {
    return `${this.#ctx.runId}/${this.#callKey}`;
  }

  get auth(): AuthContext {
    return this.#ctx.auth;
  }

  get org(): OrgContext {
    return this.#ctx.org;
  }

  get signal(): AbortSignal {
    return this.#ctx.signal;
  }

  get logger(): StageflowLogger {
    return this.#ctx.logger.child({ tool: this.#tool, callId: this.callId });
  }

  progress(fraction: number, note?: string): void {
    if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`Progress is a number from 0 to 1, not ${fraction}.`);
    const { callId } = this;
    this.#host.report({ type: 'tool.progress', tool: this.#tool, callId, fraction, note: note ?? null });
  }

  emit(name: string, data?: unknown): void {
    this.#ctx.emit(name, data);
  }

  recordUndo(data: unknown): void {
    this.undoData = data;
    this.kept = true;
  }
}
