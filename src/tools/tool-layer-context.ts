/*
 * What interceptors see of a tool call: the context of the stage that calls, and the tool. `next()` leads to the call itself,
 * whose output stands in `data.output`, since a tool may give anything.
 */
import type { AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import type { BagView, ContextSnapshot } from '../context/index.js';
import type { ErrorClassification } from '../errors/index.js';
import type { StageflowLogger } from '../events/index.js';
import {
  type GuardFeedback,
  messageOf,
  type SpawnInput,
  type SpawnOptions,
  type StageArtifacts,
  type StageContext,
  type StageFailure,
  type StageInputs,
  StageOutput,
  type StageSpec,
  type StageTools,
  type ToolSpec,
} from '../stage/index.js';
import type { ToolHost } from './tool-host.js';

/** One call, whatever contexts its layers make of it. */
export interface LayeredCall {
  readonly tool: ToolSpec;
  readonly callId: string;
  readonly host: ToolHost;
  readonly startedAt: number;
  /** How often the handler was called. */
  attempts: number;
  /** A security interceptor refused; it stands. */
  refusal: StageOutput | null;
  /** Calls the handler, within the limits of `ctx`. */
  run(ctx: StageContext): Promise<unknown>;
  /** What is secret in the input is masked in all that is written from now on. */
  hide(): void;
}

export class ToolLayerContext implements StageContext {
  readonly call: LayeredCall;
  readonly #ctx: StageContext;

  constructor(call: LayeredCall, ctx: StageContext) {
    this.call = call;
    this.#ctx = ctx;
  }

  get tool(): ToolSpec {
    return this.call.tool;
  }
  get stage(): StageSpec {
    return this.#ctx.stage;
  }
  get pipeline(): string {
    return this.#ctx.pipeline;
  }
  get runId(): string {
    return this.#ctx.runId;
  }
  get attempt(): number {
    return Math.max(1, this.call.attempts);
  }
  get feedback(): GuardFeedback | null {
    return this.#ctx.feedback;
  }
  get snapshot(): ContextSnapshot {
    return this.#ctx.snapshot;
  }
  get inputs(): StageInputs {
    return this.#ctx.inputs;
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
  get cancelled(): boolean {
    return this.#ctx.cancelled;
  }
  get elapsedMs(): number {
    return this.clock.now() - this.call.startedAt;
  }
  get clock(): Clock {
    return this.#ctx.clock;
  }
  get logger(): StageflowLogger {
    this.call.hide();
    return this.#ctx.logger.child({ tool: this.tool.name, callId: this.call.callId });
  }
  get bag(): BagView {
    return this.#ctx.bag;
  }
  get artifacts(): StageArtifacts {
    return this.#ctx.artifacts;
  }
  get tools(): StageTools {
    return this.#ctx.tools;
  }

  emit(name: string, data?: unknown): void {
    this.#ctx.emit(name, data);
  }
  progress(fraction: number, note?: string): void {
    this.#ctx.progress(fraction, note);
  }
  checkpoint(): void {
    this.#ctx.checkpoint();
  }
  onCleanup(cleanup: () => void | Promise<void>): void {
    this.#ctx.onCleanup(cleanup);
  }
  // Typed by what is started, in StageContext.
  spawn(pipeline: any, input?: SpawnInput, options?: SpawnOptions): Promise<any> {
    return this.#ctx.spawn(pipeline, input, options);
  }
  sleep(delayMs: number): Promise<void> {
    return this.#ctx.sleep(delayMs);
  }
  withTimeout<T>(limitMs: number, call: (ctx: StageContext) => T | Promise<T>): Promise<T> {
    return this.#ctx.withTimeout(limitMs, (ctx) => call(new ToolLayerContext(this.call, ctx)));
  }
  withHeartbeat<T>(quietMs: number, call: (ctx: StageContext) => T | Promise<T>): Promise<T> {
    return this.#ctx.withHeartbeat(quietMs, (ctx) => call(new ToolLayerContext(this.call, ctx)));
  }
  classify(failure: StageFailure): ErrorClassification {
    return this.#ctx.classify(failure);
  }
  retryScheduled(delayMs: number, failure: StageFailure): void {
    this.#report('tool.retry_scheduled', failure, delayMs);
  }
  retryExhausted(failure: StageFailure): void {
    this.#report('tool.retry_exhausted', failure, null);
  }

  /** Calls the handler behind `ctx`, as the innermost part of the onion. Never rejects. */
  static async callTool(ctx: StageContext): Promise<StageOutput> {
    const { call } = ctx as ToolLayerContext;
    const inner = (ctx as ToolLayerContext).#ctx;
    try {
      ctx.checkpoint(); // nothing begins after a cancel
      call.attempts++;
      return StageOutput.ok({ output: await call.run(inner) });
    } catch (error) {
      return StageOutput.fail(error);
    }
  }

  static isSameCall(given: unknown, ctx: StageContext): boolean {
    return given instanceof ToolLayerContext && given.call === (ctx as ToolLayerContext).call;
  }

  #report(type: 'tool.retry_scheduled' | 'tool.retry_exhausted', failure: StageFailure, delayMs: number | null): void {
    const { host, callId, tool } = this.call;
    if (!host.listening) return;
    this.call.hide();
    const { category, retryable } = this.classify(failure);
    const error = { code: failure.code, message: messageOf(failure.error), category, retryable };
    const base = { tool: tool.name, callId, attempt: this.attempt, error };
    if (type === 'tool.retry_exhausted') host.report({ type, ...base });
    else host.report({ type, ...base, delayMs: delayMs ?? 0 });
  }
}

export const { callTool, isSameCall } = ToolLayerContext;
