import type { ArtifactStore } from '../artifacts/index.js';
import { type Clock, systemClock } from '../clock/index.js';
import { ContextSnapshot, type RunIdentity, type RunIdentityInit } from '../context/index.js';
import { defaultErrorClassifier, type ErrorClassifier, StageflowError } from '../errors/index.js';
import { type EventSink, type StageflowLogger, silentLogger } from '../events/index.js';
import { MaskingRules } from '../masking/index.js';
import type { ToolServices } from '../tools/index.js';
import type { BoundPipeline } from './bound-pipeline.js';
import type { CallerOptions } from './caller-options.js';
import { type CallerRules, readCallerOptions } from './caller-rules.js';
import { cancelStage } from './cancel-stage.js';
import type { ChildRun, ChildSeed, PipelineFinder } from './child-host.js';
import { ChildReporter } from './child-reporter.js';
import { compilePipeline } from './compiled-pipeline.js';
import type { CompiledPipeline } from './compiled-stage.js';
import { DeadlineQueue } from './deadline-queue.js';
import { artifactSettings, rejectInvalid, requireCount, requireDuration, stageIndexOf } from './engine-checks.js';
import { EventLog } from './event-log.js';
import { requireDepth, underParent } from './lineage.js';
import type { PipelineRun, RunOutcome } from './pipeline-run.js';
import { Run } from './run.js';
import { readCaller } from './run-caller.js';
import { RunList } from './run-list.js';
import type { RunInput, RunOptions } from './run-options.js';
import type { RunParts } from './run-parts.js';
import { RunReporter } from './run-reporter.js';
import type { RunResults } from './run-results.js';

export interface EngineOptions extends CallerOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Receive the events of every run. */
  readonly sinks?: readonly EventSink[];
  /** Default: logs nothing. */
  readonly logger?: StageflowLogger;
  /** Says what kind of failure an error is, to retries, breakers, fallbacks, events and results. Default `classifyError`. */
  readonly classifier?: ErrorClassifier;
  /** How long stages get to stop once their run has been decided or their limit has passed, in ms. Default 5,000. */
  readonly graceMs?: number;
  /** What all cleanups of one run may take together, in ms. Default 5,000. */
  readonly cleanupMs?: number;
  /** What undoing the work of one run may take in all, in ms; see `@Compensate`. Default 10,000. */
  readonly compensationMs?: number;
  /**
   * What counts as secret in events, log lines and error messages. Default `MaskingRules.standard`: well-known names and
   * `@Sensitive()` fields. `false` masks nothing.
   */
  readonly masking?: MaskingRules | false;
  /** Where `ctx.artifacts` and large outputs go. Default: nowhere. */
  readonly artifacts?: ArtifactsOptions;
  /** The execution mode of runs that name none: what `behaviors` of tools are compared with. Default: none. */
  readonly toolMode?: string;
  /**
   * How many runs may be above one that a stage has started. Default 8: pipelines that go on starting themselves are stopped
   * while there are few of them, and what people nest is half as deep at most.
   */
  readonly maxDepth?: number;
  /** Whether `tool.invoked` tells the arguments, without their secrets. Default false. */
  readonly toolArguments?: boolean;
  /** Approvals, undo and memory of tool calls, and how many may run at once. Without approvals what needs one is denied. */
  readonly toolServices?: ToolServices;
}

export interface ArtifactsOptions {
  readonly store: ArtifactStore;
  /** Outputs of more bytes are kept in the store as well, before their stage is done. Default 1 MiB; Infinity for none. */
  readonly thresholdBytes?: number;
}

/** Runs pipelines. Holds what runs share (clock, timers, sinks) and nothing of any run. */
export class Engine {
  readonly #parts: RunParts;
  readonly #sinks: readonly EventSink[];
  readonly #callers: CallerRules;
  readonly #compiled = new WeakMap<BoundPipeline, CompiledPipeline>();
  readonly #active = new RunList<Run>();
  #closing: Promise<void> | null = null;
  #lastEnded: (() => void) | null = null;

  /** @param find finds the pipelines of modules, for stages that start runs of them; null outside of an application */
  constructor(options: EngineOptions = {}, find: PipelineFinder | null = null) {
    const { clock = systemClock, logger = silentLogger, graceMs = 5_000, cleanupMs = 5_000 } = options;
    const { compensationMs = 10_000, maxDepth = 8 } = options;
    requireDuration('graceMs', graceMs);
    requireDuration('cleanupMs', cleanupMs);
    requireDuration('compensationMs', compensationMs);
    requireCount('maxDepth', maxDepth);
    this.#callers = readCallerOptions(options);
    requireDuration('verifyMs', this.#callers.verifyMs);
    const { masking = MaskingRules.standard, artifacts } = options;
    this.#parts = {
      clock,
      classifier: options.classifier ?? defaultErrorClassifier,
      toolMode: options.toolMode ?? null,
      toolArguments: options.toolArguments ?? false,
      logger,
      graceMs,
      cleanupMs,
      compensationMs,
      verifyMs: this.#callers.verifyMs,
      deadlines: new DeadlineQueue(clock),
      masking: masking === false ? null : masking,
      artifacts: artifacts === undefined ? null : artifactSettings(artifacts),
      children: { maxDepth, find, open: (pipeline, seed) => this.#openChild(pipeline, seed) },
    };
    this.#sinks = options.sinks ?? [];
  }

  /** Whether access rules mean something here: there is a way to learn who calls. */
  get callersKnown(): boolean {
    return this.#callers.known;
  }

  /** Runs to the end. @throws StageFailedError, StageTimeoutError, RunFailedError, PipelineCancelledError */
  run(pipeline: BoundPipeline, input: RunInput = {}, options: RunOptions = {}): Promise<RunResults> {
    return new Promise((resolve, reject) => {
      this.#launch(this.#prepare(pipeline, input, options, null), (outcome) => {
        if (outcome.status === 'completed') resolve(outcome.results);
        else reject(outcome.error);
      });
    });
  }

  /** Starts a run to watch or to cancel. Its `result` never rejects for what a stage did. */
  start(pipeline: BoundPipeline, input: RunInput = {}, options: RunOptions = {}): PipelineRun {
    const events = new EventLog();
    const run = this.#prepare(pipeline, input, options, events);
    const result = new Promise<RunOutcome>((resolve) => {
      this.#launch(run, (outcome) => {
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
    };
  }

  /** Refuses new runs, gives the running ones the grace period, cancels what is left, and waits for it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { clock, graceMs, deadlines } = this.#parts;
    if (!this.#active.isEmpty) {
      const timer = clock.setTimer(graceMs, () => {
        for (const run of this.#active.toArray()) run.life.cancel('the application is closing');
      });
      await new Promise<void>((resolve) => {
        this.#lastEnded = resolve;
      });
      timer.clear();
    }
    deadlines.close();
  }

  #prepare(pipeline: BoundPipeline, input: RunInput, options: RunOptions, log: EventLog | null): Run {
    if (this.#closing !== null) throw closed(pipeline.graph.name);
    rejectInvalid(options);
    const compiled = this.#compile(pipeline);
    const caller = readCaller(input, this.#callers);
    const snapshot = new ContextSnapshot(this.#identified(pipeline, input, caller.ids));
    const { sinks = [] } = options;
    const all = log === null && sinks.length === 0 ? this.#sinks : [...this.#sinks, ...sinks, ...(log ? [log] : [])];
    const reporter = new RunReporter(all, this.#parts, pipeline.graph.name, snapshot.identity);
    return new Run({ parts: this.#parts, compiled, snapshot, caller, options, reporter });
  }

  #identified(pipeline: BoundPipeline, input: RunInput, ids: RunIdentityInit | null): RunInput {
    const claimed = input.identity;
    const parentRunId = claimed?.parentRunId ?? null;
    if (claimed === undefined || (parentRunId === null && claimed.depth === undefined)) {
      return ids === null ? input : withIds(input, ids);
    }
    const identity = underParent(claimed, parentRunId === null ? null : this.#identityOf(parentRunId));
    requireDepth(pipeline.graph.name, identity, this.#parts.children.maxDepth);
    return { ...input, identity: { ...identity, ...ids } };
  }

  /** Of a run that goes on; null if there is none of this id. */
  #identityOf(runId: string): RunIdentity | null {
    const run = this.#active.find(({ snapshot }) => snapshot.identity.runId === runId);
    return run === null ? null : run.snapshot.identity;
  }

  #openChild(pipeline: BoundPipeline, { snapshot, auth, org, options, origin }: ChildSeed): ChildRun {
    rejectInvalid(options);
    const compiled = this.#compile(pipeline);
    const parts = this.#parts;
    const { sinks = [] } = options;
    const reporter = new ChildReporter(sinks, parts, pipeline.graph.name, snapshot.identity, origin);
    const caller = { auth, org, verification: null, ids: null };
    const run = new Run({ parts, compiled, snapshot, caller, options, reporter });
    return {
      cancel: (reason) => run.life.cancel(reason),
      launch: (onEnd) => this.#launch(run, onEnd),
    };
  }

  #launch(run: Run, onEnd: (outcome: RunOutcome) => void): void {
    this.#active.add(run);
    if (run.reporter.active) run.reporter.open(run.compiled.bound.graph.stages, run.options.headers ?? null);
    run.start((outcome) => {
      this.#active.remove(run);
      onEnd(outcome);
      if (this.#active.isEmpty) this.#lastEnded?.();
    });
  }

  #compile(pipeline: BoundPipeline): CompiledPipeline {
    let compiled = this.#compiled.get(pipeline);
    if (compiled === undefined) {
      const thresholdBytes = this.#parts.artifacts?.thresholdBytes ?? Number.POSITIVE_INFINITY;
      compiled = compilePipeline(pipeline, this.#callers, thresholdBytes);
      this.#compiled.set(pipeline, compiled);
    }
    return compiled;
  }
}

// Not by spreading, which takes microseconds and leaves an object that is slow to read.
function withIds(input: RunInput, ids: RunIdentityInit): RunInput {
  return Object.assign({}, input, { identity: Object.assign({}, input.identity, ids) });
}

function closed(pipeline: string): StageflowError {
  return new StageflowError({
    code: 'APP_CLOSED',
    message: `Pipeline "${pipeline}" cannot start: the application is closed.`,
    fix: 'Start runs before close(), or create the application anew.',
    details: { pipeline },
  });
}
