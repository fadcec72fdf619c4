/*
 * What a stage sees of its run. One small object per execution; what not every stage needs (inputs, signal, logger) is made
 * when first read. The engine's own state hides behind private fields: a stage can read its identity but not write it.
 */
import type { AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import type { BagView, ContextSnapshot } from '../context/index.js';
import type { ErrorClassification } from '../errors/index.js';
import type { StageflowLogger } from '../events/index.js';
import {
  type GuardFeedback,
  type SpawnInput,
  type SpawnOptions,
  type StageArtifacts,
  type StageContext,
  type StageFailure,
  type StageInputs,
  StageOutput,
  type StageSpec,
  type StageTools,
} from '../stage/index.js';
import { ArtifactScope } from './artifact-scope.js';
import { BagScope } from './bag-scope.js';
import type { CancelScope } from './cancel-scope.js';
import { spawnChild } from './child-spawn.js';
import { classifyNow } from './classify.js';
import { cancelledError, limitRefusal, requireFraction } from './context-errors.js';
import { ExecutionInputs } from './execution-inputs.js';
import { runLimited } from './limited-call.js';
import { toOutput } from './output-of-value.js';
import { inOneTurn, promiseOf } from './promise-of.js';
import type { RunState } from './run-state.js';
import { sleepIn } from './sleep.js';
import { type StageExecution, StageState, stageScope } from './stage-execution.js';
import { stageLogger } from './stage-logger.js';
import { openTools } from './stage-tools.js';

export class ExecutionContext implements StageContext {
  readonly #run: RunState;
  readonly #execution: StageExecution;
  /** The scope of a limited call; null for the stage's own. */
  readonly #limited: CancelScope | null;

  constructor(run: RunState, execution: StageExecution, limited: CancelScope | null) {
    this.#run = run;
    this.#execution = execution;
    this.#limited = limited;
  }

  get stage(): StageSpec {
    return this.#execution.stage.spec;
  }

  get tool(): null {
    return null;
  }

  get pipeline(): string {
    return this.#run.pipeline;
  }

  get runId(): string {
    return this.#run.snapshot.identity.runId;
  }

  get attempt(): number {
    return Math.max(1, this.#execution.attempts); // an interceptor may ask before the first
  }

  get feedback(): GuardFeedback | null {
    return this.#run.loops === null ? null : this.#run.loops.feedbackFor(this.#execution.stage.index);
  }

  get snapshot(): ContextSnapshot {
    return this.#run.snapshot;
  }

  get inputs(): StageInputs {
    return new ExecutionInputs(this.#run, this.#execution.stage); // cheaper than a place to keep it in every context
  }

  get auth(): AuthContext {
    return this.#run.auth;
  }

  get org(): OrgContext {
    return this.#run.resources.tenantDenials.orgOf(this.#run, this.stage.name);
  }

  get signal(): AbortSignal {
    return this.#scope().signal;
  }

  get cancelled(): boolean {
    return (this.#limited ?? this.#execution.scope ?? this.#run.scope).cancelled;
  }

  get elapsedMs(): number {
    return this.#run.time.now() - this.#execution.startedAt;
  }

  get clock(): Clock {
    return this.#run.parts.clock;
  }

  get logger(): StageflowLogger {
    return stageLogger(this.#run, this.#execution.stage);
  }

  get artifacts(): StageArtifacts {
    return new ArtifactScope(this.#run, this.#execution);
  }

  get tools(): StageTools {
    return openTools(this.#run, this.#execution, this);
  }

  get bag(): BagView {
    return new BagScope(this.#run, this.#execution);
  }

  emit(name: string, data?: unknown): void {
    this.#run.reporter.custom(this.#execution, name, data);
  }

  progress(fraction: number, note?: string): void {
    requireFraction(this.stage.name, fraction);
    this.#run.resources.heartbeat(this.#execution);
    this.#run.reporter.progress(this.#execution, fraction, note ?? null);
  }

  checkpoint(): void {
    if (this.cancelled) throw cancelledError(this.stage.name, this.#scope().reason);
  }

  onCleanup(cleanup: () => void | Promise<void>): void {
    this.#run.resources.addCleanup(this.logger, this.stage.name, cleanup);
  }

  spawn(pipeline: unknown, input: SpawnInput = {}, options: SpawnOptions = {}): Promise<any> {
    return spawnChild(this.#run, this.#execution, this.#scope(), pipeline, input, options);
  }

  sleep(delayMs: number): Promise<void> {
    return sleepIn(this.#scope(), this.#run.parts.clock, this.stage.name, delayMs);
  }

  withTimeout<T>(limitMs: number, call: (ctx: StageContext) => T | Promise<T>): Promise<T> {
    return this.#within(limitMs, false, call);
  }

  withHeartbeat<T>(quietMs: number, call: (ctx: StageContext) => T | Promise<T>): Promise<T> {
    return this.#within(quietMs, true, call);
  }

  #within<T>(limitMs: number, renews: boolean, call: (ctx: StageContext) => T | Promise<T>): Promise<T> {
    const outer = this.#scope();
    const refusal = limitRefusal(this.stage.name, outer, limitMs);
    if (refusal !== null) return Promise.reject(refusal);
    if (limitMs === 0) return Promise.resolve(this).then(call);
    const scope = outer.child();
    const inner = this.within(scope);
    return runLimited(this.#run, this.#execution, { limitMs, renews }, outer, scope, () => call(inner));
  }

  classify(failure: StageFailure): ErrorClassification {
    return classifyNow(this.#run.parts, failure);
  }

  retryScheduled(delayMs: number, failure: StageFailure): void {
    if (this.#execution.state !== StageState.Running) return; // given up on
    this.#run.reporter.retryScheduled(this.#execution, delayMs, failure);
  }

  retryExhausted(failure: StageFailure): void {
    this.#run.reporter.retryExhausted(this.#execution, failure);
  }

  #scope(): CancelScope {
    return this.#limited ?? stageScope(this.#run, this.#execution);
  }

  /** Calls the stage behind `ctx`, as the innermost part of the onion, which has seen to it that `ctx` is one of ours. */
  static callBody(ctx: StageContext): Promise<StageOutput> {
    return (ctx as ExecutionContext).callBody();
  }

  static isSameExecution(given: unknown, ctx: StageContext): boolean {
    if (typeof given !== 'object' || given === null || !(#execution in given)) return false;
    return given.#execution === (ctx as ExecutionContext).#execution;
  }

  /** Behind the context of one of our stages. */
  static behind(ctx: StageContext): { readonly run: RunState; readonly execution: StageExecution } {
    const context = ctx as ExecutionContext;
    return { run: context.#run, execution: context.#execution };
  }

  /** What cancels the work that the context is for. */
  static readonly scopeOf = (ctx: StageContext): CancelScope => (ctx as ExecutionContext).#scope();

  private callBody(): Promise<StageOutput> {
    const { stage } = this.#execution;
    // Since the run was cancelled, or the limit passed, a layer may have waited, or try again: nothing begins any more.
    if (this.cancelled) return Promise.resolve(StageOutput.fail(cancelledError(stage.name, this.#scope().reason)));
    this.enter();
    let result: unknown;
    let pending: Promise<unknown> | null;
    try {
      result = this.invoke();
      pending = promiseOf(result);
    } catch (error) {
      return inOneTurn(this.leave(StageOutput.fail(error)));
    }
    if (pending === null) return inOneTurn(this.leave(toOutput(result, stage.name, stage.outputClass)));
    return pending.then(
      (value) => this.leave(toOutput(value, stage.name, stage.outputClass)),
      (error: unknown) => this.leave(StageOutput.fail(error)),
    );
  }

  /** What is called in the end. */
  protected invoke(): unknown {
    return this.#run.instanceOf(this.#execution.stage).execute(this);
  }

  /** The same for a part of the work that can be cancelled alone. */
  within(scope: CancelScope): ExecutionContext {
    return new ExecutionContext(this.#run, this.#execution, scope);
  }

  private enter(): void {
    this.#execution.attempts++;
    this.#run.life.enter(this.#execution);
    if (this.#limited !== null) this.#limited.bodies++;
  }

  private leave(output: StageOutput): StageOutput | Promise<StageOutput> {
    const held = this.#run.children?.ended(this.#execution, output);
    return held ? held.then((after) => this.left(after)) : this.left(output);
  }

  private left(output: StageOutput): StageOutput {
    if (this.#limited !== null) this.#limited.bodies--;
    if (!(this.#limited ?? this.#execution.scope)?.abandoned) this.#run.life.leave(this.#execution);
    return output;
  }
}

export const { behind, callBody, isSameExecution, scopeOf } = ExecutionContext;
