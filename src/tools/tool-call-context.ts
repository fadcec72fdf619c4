import type { AuthContext, OrgContext } from '../auth/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { StageContext, ToolContext } from '../stage/index.js';
import { inputDigest } from './fingerprint.js';
import { hideInput, type ToolCall } from './tool-call.js';

/** What a handler sees of its call. What not every tool needs is made when first read. */
export class ToolCallContext implements ToolContext {
  /** What the handler kept; undefined if nothing. */
  undoData: unknown = undefined;
  kept = false;
  readonly #call: ToolCall;
  readonly #input: unknown;
  readonly #ctx: StageContext;

  /** @param ctx that of the stage, or the one of a limited call in it */
  constructor(call: ToolCall, input: unknown, ctx: StageContext) {
    this.#call = call;
    this.#input = input;
    this.#ctx = ctx;
  }

  get callId(): string {
    return this.#call.callId;
  }

  get runId(): string {
    return this.#ctx.runId;
  }

  get idempotencyKey(): string {
    const { callKey, named } = this.#call;
    const { runId, org } = this.#ctx;
    const tenant = org.tenantId === null ? '' : `${encodeURIComponent(org.tenantId)}:`;
    const key = `${tenant}${encodeURIComponent(runId)}/${callKey}`;
    // An id that comes twice must not give one call what the other has done.
    return named ? `${key}/${inputDigest(this.#input)}` : key;
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
    hideInput(this.#call);
    return this.#ctx.logger.child({ tool: this.#call.tool.spec.name, callId: this.callId });
  }

  progress(fraction: number, note?: string): void {
    if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`Progress is a number from 0 to 1, not ${fraction}.`);
    const { tool, callId, host } = this.#call;
    if (!host.listening) return;
    hideInput(this.#call);
    host.report({ type: 'tool.progress', tool: tool.spec.name, callId, fraction, note: note ?? null });
  }

  emit(name: string, data?: unknown): void {
    if (this.#call.host.listening) hideInput(this.#call);
    this.#ctx.emit(name, data);
  }

  recordUndo(data: unknown): void {
    this.undoData = data;
    this.kept = true;
  }
}
