import { systemClock } from '../clock/index.js';
import { ContextSnapshot, type RunIdentityInit } from '../context/index.js';
import { AppClosing, defaultErrorClassifier } from '../errors/index.js';
import { type EventSink, silentLogger } from '../events/index.js';
import { MaskingRules } from '../masking/index.js';
import type { BoundPipeline } from './bound-pipeline.js';
import { type CallerRules, readCallerOptions } from './caller-rules.js';
import { cancelItem } from './cancel-item.js';
import { cancelStage } from './cancel-stage.js';
import type { ChildRun, ChildSeed, PipelineFinder } from './child-host.js';
import { ChildReporter } from './child-reporter.js';
import { compilePipeline } from './compiled-pipeline.js';
import type { CompiledPipeline } from './compiled-stage.js';
import { DeadlineQueue } from './deadline-queue.js';
import {
  appClosed,
  artifactSettings,
  rejectInvalid,
  requireCount,
  requireDuration,
  stageIndexOf,
} from './engine-checks.js';
import type { EngineOptions } from './engine-options.js';
import { EventLog } from './event-log.js';
import { identified } from './identified-input.js';
import type { PipelineRun, RunOutcome } from './pipeline-run.js';
import { Run } from './run.js';
import { type RunCaller, readCaller } from './run-caller.js';
import { RunList } from './run-list.js';
import type { RunInput, RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import type { EarlierRun, RunRecorder } from './run-recorder.js';
import { RunReporter } from './run-reporter.js';
import type { RunResults } from './run-results.js';

/** Runs pipelines. Holds what runs share (clock, timers, sinks) and nothing of any run. */
export class Engine {
  private readonly parts: RunParts;
  private readonly sinks: readonly EventSink[];
  private readonly callerRules: CallerRules;
  private readonly byPipeline = new WeakMap<BoundPipeline, CompiledPipeline>();
  private readonly active = new RunList<Run>();
  private closing: Promise<void> | null = null;
  private lastEnded: (() => void) | null = null;

  /** @param find finds the pipelines of modules, for stages that start runs of them; null outside of an application */
  constructor(options: EngineOptions = {}, find: PipelineFinder | null = null) {
    const { clock = systemClock, logger = silentLogger, graceMs = 5_000, cleanupMs = 5_000 } = options;
    const { compensationMs = 10_000, maxDepth = 8 } = options;
    requireDuration('graceMs', graceMs);
    requireDuration('cleanupMs', cleanupMs);
    requireDuration('compensationMs', compensationMs);
    requireCount('maxDepth', maxDepth);
    this.callerRules = readCallerOptions(options);
    requireDuration('verifyMs', this.callerRules.verifyMs);
    const { masking = MaskingRules.standard, artifacts } = options;
    this.parts = {
      clock,
      classifier: options.classifier ?? defaultErrorClassifier,
      toolMode: options.toolMode ?? null,
      toolArguments: options.toolArguments ?? false,
      logger,
      graceMs,
      cleanupMs,
      compensationMs,
      verifyMs: this.callerRules.verifyMs,
      deadlines: new DeadlineQueue(clock),
      masking: masking === false ? null : masking,
      artifacts: artifacts === undefined ? null : artifactSettings(artifacts),
      journal: options.journal ?? null,
      children: { maxDepth, find, open: (pipeline, seed) => this.openChild(pipeline, seed) },
    };
    this.sinks = options.sinks ?? [];
  }

  /** How callers are recognised, for doors that have to know them before there is a run. */
  get callers(): CallerRules {
    return this.callerRules;
  }

  /** Whether access rules mean something here: there is a way to learn who calls. */
  get callersKnown(): boolean {
    return this.callerRules.known;
  }

  /** Runs to the end. @throws StageFailedError, StageTimeoutError, RunFailedError, PipelineCancelledError */
  run(pipeline: BoundPipeline, input: RunInput = {}, options: RunOptions = {}): Promise<RunResults> {
    return new Promise((resolve, reject) => {
      this.launch(this.prepare(pipeline, input, options, null), (outcome) => {
        if (outcome.status === 'completed') resolve(outcome.results);
        else reject(outcome.error);
      });
    });
  }

  /** Starts a run to watch or to cancel. Its `result` never rejects for what a stage did. */
  start(pipeline: BoundPipeline, input: RunInput = {}, options: RunOptions = {}): PipelineRun {
    const events = new EventLog();
    return this.watched(pipeline, this.prepare(pipeline, input, options, events), events);
  }

  /** Runs again, or goes on with, what was run before: see `stageflow/journal`. */
  reopen(pipeline: BoundPipeline, { snapshot, caller, record, isHeard }: EarlierRun, options: RunOptions): PipelineRun {
    const events = new EventLog();
    if (this.closing !== null) throw appClosed(pipeline.graph.name);
    rejectInvalid(options);
    const known =
      'auth' in caller ? { ...caller, verification: null, ids: null } : readCaller(caller, this.callerRules);
    const sinks = isHeard ? this.sinksOf(options, events) : [...(options.sinks ?? []), events];
    return this.watched(pipeline, this.assemble(pipeline, snapshot, known, options, sinks, record), events);
  }

  private watched(pipeline: BoundPipeline, run: Run, events: EventLog): PipelineRun {
    const result = new Promise<RunOutcome>((resolve) => {
      this.launch(run, (outcome) => {
        queueMicrotask(() => events.end()); // after the last event, which a sink may still be handing on
        resolve(outcome);
      });
    });
    return {
      id: run.snapshot.identity.runId,
      events,
      result,
      cancel: (reason = 'cancelled by the caller') => run.life.cancel(reason),
      cancelStage: (stage, reason = 'cancelled by the caller') =>
        cancelStage(run, stageIndexOf(pipeline, stage), reason),
      cancelItem: (stage, key, reason = 'cancelled by the caller') =>
        cancelItem(run, stageIndexOf(pipeline, stage), key, reason),
    };
  }

  /** Refuses new runs, gives the running ones the grace period, cancels what is left, and waits for it. */
  close(): Promise<void> {
    this.closing ??= this.closeNow();
    return this.closing;
  }

  private async closeNow(): Promise<void> {
    const { clock, graceMs, deadlines } = this.parts;
    if (!this.active.isEmpty) {
      const timer = clock.setTimer(graceMs, () => {
        const reason = new AppClosing();
        for (const run of this.active.toArray()) run.life.cancel(reason);
      });
      await new Promise<void>((resolve) => {
        this.lastEnded = resolve;
      });
      timer.clear();
    }
    deadlines.close();
  }

  private prepare(pipeline: BoundPipeline, input: RunInput, options: RunOptions, log: EventLog | null): Run {
    if (this.closing !== null) throw appClosed(pipeline.graph.name);
    rejectInvalid(options);
    this.compiledOf(pipeline); // refuses what cannot run before anything is read of the caller
    const caller = readCaller(input, this.callerRules);
    const snapshot = new ContextSnapshot(this.identified(pipeline, input, caller.ids));
    const record = this.parts.journal === null ? null : this.parts.journal.open(snapshot.identity.runId);
    return this.assemble(pipeline, snapshot, caller, options, this.sinksOf(options, log), record);
  }

  private sinksOf({ sinks = [] }: RunOptions, log: EventLog | null): readonly EventSink[] {
    return log === null && sinks.length === 0 ? this.sinks : [...this.sinks, ...sinks, ...(log ? [log] : [])];
  }

  private assemble(
    pipeline: BoundPipeline,
    snapshot: ContextSnapshot,
    caller: RunCaller,
    options: RunOptions,
    sinks: readonly EventSink[],
    record: RunRecorder | null,
  ): Run {
    const compiled = this.compiledOf(pipeline);
    const reporter = new RunReporter(sinks, this.parts, pipeline.graph.name, snapshot.identity);
    return new Run({ parts: this.parts, compiled, snapshot, caller, options, reporter, record });
  }

  private identified(pipeline: BoundPipeline, input: RunInput, ids: RunIdentityInit | null): RunInput {
    const find = (id: string) => this.active.find(({ snapshot }) => snapshot.identity.runId === id) ?? null;
    return identified(pipeline.graph.name, input, ids, find, this.parts.children.maxDepth);
  }

  private openChild(pipeline: BoundPipeline, { snapshot, auth, org, options, origin, record }: ChildSeed): ChildRun {
    rejectInvalid(options);
    const compiled = this.compiledOf(pipeline);
    const parts = this.parts;
    const { sinks = [] } = options;
    const reporter = new ChildReporter(sinks, parts, pipeline.graph.name, snapshot.identity, origin);
    const caller = { auth, org, verification: null, ids: null };
    const run = new Run({ parts, compiled, snapshot, caller, options, reporter, record });
    return {
      cancel: (reason) => run.life.cancel(reason),
      launch: (onEnd) => this.launch(run, onEnd),
    };
  }

  private launch(run: Run, onEnd: (outcome: RunOutcome) => void): void {
    this.active.add(run);
    if (run.reporter.active) run.reporter.open(run.compiled.bound.graph.stages, run.options.headers ?? null);
    run.start((outcome) => {
      this.active.remove(run);
      onEnd(outcome);
      if (this.active.isEmpty) this.lastEnded?.();
    });
  }

  private compiledOf(pipeline: BoundPipeline): CompiledPipeline {
    let compiled = this.byPipeline.get(pipeline);
    if (compiled === undefined) {
      const thresholdBytes = this.parts.artifacts?.thresholdBytes ?? Number.POSITIVE_INFINITY;
      compiled = compilePipeline(pipeline, this.callerRules, thresholdBytes);
      this.byPipeline.set(pipeline, compiled);
    }
    return compiled;
  }
}
