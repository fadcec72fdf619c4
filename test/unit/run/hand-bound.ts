import { type EventSink, MemorySink } from '../../../src/events/index.js';
import {
  type DependencyInit,
  type FailurePolicy,
  type QuorumInit,
  type RetryFromInit,
  StageGraph,
} from '../../../src/graph/index.js';
import {
  type BoundPipeline,
  Engine,
  type EngineOptions,
  type PipelineRun,
  type RunInput,
  type RunOptions,
  type RunOutcome,
} from '../../../src/run/index.js';
import type {
  AnyInterceptor,
  Compensating,
  SpawnablePipeline,
  StageClass,
  StageContext,
  StageKind,
} from '../../../src/stage/index.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';

/** A stage as these tests write it: what it does, and where it stands. */
export interface HandStage {
  readonly name: string;
  /** Default: returns nothing. */
  readonly run?: (ctx: StageContext) => unknown;
  readonly dependsOn?: readonly (string | DependencyInit)[];
  /** What the condition gives, boolean or not. */
  readonly when?: (ctx: StageContext) => unknown;
  readonly interceptors?: readonly AnyInterceptor[];
  readonly timeoutMs?: number;
  readonly priority?: number;
  readonly stageClass?: StageClass;
  /** Default transform. */
  readonly kind?: StageKind;
  readonly retryFrom?: RetryFromInit;
  readonly quorums?: readonly QuorumInit[];
  readonly compensate?: Compensating['compensate'];
}

export interface HandOptions {
  /** Default: hand. */
  readonly name?: string;
  readonly failurePolicy?: FailurePolicy;
  readonly maxConcurrency?: number;
  readonly openRun?: BoundPipeline['openRun'];
}

/** A pipeline bound without builder and container. */
export function bind(stages: readonly HandStage[], options: HandOptions = {}): BoundPipeline {
  const { name: pipeline = 'hand', failurePolicy = 'fail-fast', maxConcurrency = null, openRun = null } = options;
  const graph = StageGraph.create({
    name: pipeline,
    failurePolicy,
    maxConcurrency,
    stages: stages.map(
      ({
        name,
        kind = 'transform',
        dependsOn = [],
        timeoutMs = null,
        priority = 0,
        retryFrom = null,
        quorums,
        compensate,
      }) => {
        return {
          name,
          kind,
          dependsOn,
          timeoutMs,
          priority,
          retryFrom,
          compensates: compensate !== undefined,
          ...(quorums ? { quorums } : {}),
        };
      },
    ),
  });
  return {
    graph,
    openRun,
    stages: stages.map(({ run = () => undefined, compensate, when, interceptors = [], stageClass = null }) => ({
      instance: { execute: run, ...(compensate ? { compensate } : {}) },
      stageClass,
      condition: (when ?? null) as ((ctx: StageContext) => boolean) | null,
      interceptors,
      contracts: null,
    })),
  };
}

/** The same for `ctx.spawn`. */
export function spawnable(stages: readonly HandStage[], options: HandOptions = {}): SpawnablePipeline {
  return { '~pipeline': { bound: bind(stages, { name: 'child', ...options }) } };
}

/** A bound pipeline, an engine on a manual clock, and what it reported. */
export class Rig {
  readonly clock = new ManualClock();
  readonly sink = new MemorySink();
  readonly engine: Engine;
  readonly bound: BoundPipeline;

  constructor(stages: readonly HandStage[], options: HandOptions & Omit<EngineOptions, 'clock'> = {}) {
    const { sinks = [], graceMs = 1_000, cleanupMs = 1_000, compensationMs = 1_000, ...more } = options;
    this.bound = bind(stages, options);
    const all: readonly EventSink[] = [this.sink, ...sinks];
    this.engine = new Engine({ ...more, clock: this.clock, sinks: all, graceMs, cleanupMs, compensationMs });
  }

  start(input?: RunInput, options?: RunOptions): PipelineRun {
    return this.engine.start(this.bound, input, options);
  }

  /** The outcome of a run that needs no time. */
  outcome(input?: RunInput, options?: RunOptions): Promise<RunOutcome> {
    return this.start(input, options).result;
  }

  /** `type` or `type stage` of every event, in order. */
  get story(): string[] {
    return this.sink.events.map((event) =>
      'stage' in event && event.stage ? `${event.type} ${event.stage}` : event.type,
    );
  }
}

/** How a stage of an outcome ended. */
export function statusOf(outcome: RunOutcome, stage: string): string {
  return outcome.results.stage(stage).status;
}

/** Whatever the promise rejects with. */
export function rejection(promise: Promise<unknown>): Promise<any> {
  return promise.then(
    () => {
      throw new Error('It resolved.');
    },
    (error: unknown) => error,
  );
}

/** Whatever the call throws. */
export function thrown(call: () => unknown): any {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('It did not throw.');
}
