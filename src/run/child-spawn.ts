/*
 * A stage starts a run of its own and waits for it.
 *
 * Invariants
 *  1. The run is for whom the stage's run is for, and counts among the runs above it, whatever it is given.
 *  2. Everything that cancels the stage cancels the run, at once; the stage settles after it.
 *  3. Nothing is started for a stage that has settled or was told to stop.
 */
import { ContextSnapshot, type SnapshotFieldsInit } from '../context/index.js';
import type { PipelineEvent, RunOpening } from '../events/index.js';
import type { SpawnInput, SpawnOptions } from '../stage/index.js';
import type { BoundPipeline } from './bound-pipeline.js';
import type { CancelScope } from './cancel-scope.js';
import { misusedField, notSpawnable, spawnedTooLate, unknownField } from './child-errors.js';
import type { ChildRun } from './child-host.js';
import { cancelledError } from './context-errors.js';
import { ItemExecution } from './item-execution.js';
import { childIdentity, requireDepth } from './lineage.js';
import { LiveChildren } from './live-children.js';
import type { RunMasker } from './run-masker.js';
import type { RunOptions } from './run-options.js';
import type { RunOrigin } from './run-origin.js';
import type { RunResults } from './run-results.js';
import type { RunState } from './run-state.js';
import { type StageExecution, StageState } from './stage-execution.js';

// What src/stage promises of `ctx.spawn` without knowing runs: the same type that `run` gives.
declare module '../stage/spawn.js' {
  interface ChildResults<in out M = any> extends RunResults<M> {}
}

/** What can be inherited. */
const FIELDS: readonly (keyof SnapshotFieldsInit)[] = [
  'input',
  'inputText',
  'conversation',
  'enrichments',
  'extensions',
  'metadata',
  'topology',
  'executionMode',
];
/** What comes from the run above and from nowhere else. */
const FIXED = ['identity', 'token', 'auth', 'org'];

/** Never throws: what keeps the run from starting is what the promise rejects with. @param scope of the call that starts it: what cancels this cancels the run */
export function spawnChild(
  run: RunState,
  execution: StageExecution,
  scope: CancelScope,
  pipeline: unknown,
  input: SpawnInput,
  options: SpawnOptions,
): Promise<RunResults> {
  try {
    return awaitChild(run, execution, scope, openChild(run, execution, scope, pipeline, input, options));
  } catch (error) {
    return Promise.reject(error);
  }
}

function openChild(
  run: RunState,
  execution: StageExecution,
  scope: CancelScope,
  pipeline: unknown,
  input: SpawnInput,
  options: SpawnOptions,
): ChildRun {
  const stage = execution.stage.name;
  if (execution.state !== StageState.Running) throw spawnedTooLate(run.pipeline, stage);
  if (scope.cancelled) throw cancelledError(stage, scope.reason);
  const bound = boundOf(run, stage, pipeline);
  const identity = childIdentity(run.snapshot.identity, stage);
  requireDepth(bound.graph.name, identity, run.parts.children.maxDepth);
  const snapshot = new ContextSnapshot({ ...fieldsOf(run, stage, input, options.inherit), identity });
  const { auth, org } = run;
  const record = run.record === null ? null : run.record.child(run, execution.whole, bound);
  const origin = new StageOrigin(run, execution);
  return run.parts.children.open(bound, {
    snapshot,
    auth,
    org,
    options: narrowed(run, bound, options),
    origin,
    record,
  });
}

function awaitChild(
  run: RunState,
  execution: StageExecution,
  scope: CancelScope,
  child: ChildRun,
): Promise<RunResults> {
  run.children ??= new LiveChildren();
  const { children } = run;
  children.add(execution, child);
  const stopListening = scope.onCancel((reason) => child.cancel(reason));
  const results = new Promise<RunResults>((resolve, reject) => {
    child.launch((outcome) => {
      stopListening();
      if (outcome.status === 'completed') resolve(outcome.results);
      else reject(outcome.error);
      // Once whoever waits has heard of it: until then the stage is not to be given up.
      queueMicrotask(() => children.remove(execution, child));
    });
  });
  results.catch(() => {}); // a stage that does not wait for it does not end the process: the events say how it ended
  return results;
}

function boundOf({ parts, pipeline }: RunState, stage: string, wanted: unknown): BoundPipeline {
  const holder = (wanted as { readonly '~pipeline'?: { readonly bound: BoundPipeline } } | null | undefined)?.[
    '~pipeline'
  ];
  if (holder !== undefined) return holder.bound;
  const isModule =
    typeof wanted === 'function' || (typeof wanted === 'object' && wanted !== null && 'module' in wanted);
  const { find } = parts.children;
  if (find === null || !isModule) throw notSpawnable(pipeline, stage, wanted, isModule);
  return find(wanted);
}

function fieldsOf(
  { snapshot }: RunState,
  stage: string,
  input: SpawnInput,
  inherit: SpawnOptions['inherit'] = [],
): SpawnInput {
  const fixed = FIXED.find((field) => (input as Readonly<Record<string, unknown>>)[field] !== undefined);
  if (fixed !== undefined) throw misusedField(stage, fixed);
  const inherited: Record<string, unknown> = {};
  for (const field of inherit) {
    if (!FIELDS.includes(field)) throw unknownField(stage, field, FIELDS);
    inherited[field] = snapshot[field];
  }
  return { ...inherited, ...input };
}

/** No wider than what the run above, and the pipeline itself, are limited to. */
function narrowed(run: RunState, { graph }: BoundPipeline, options: SpawnOptions): RunOptions {
  const { timeoutMs, maxConcurrency = Number.POSITIVE_INFINITY, signal, sinks } = options;
  const above = run.options.maxConcurrency ?? run.compiled.limit;
  const { toolMode } = run.options;
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(signal === undefined ? {} : { signal }),
    ...(sinks === undefined ? {} : { sinks }),
    maxConcurrency: Math.min(maxConcurrency, above, graph.maxConcurrency ?? Number.POSITIVE_INFINITY),
    ...(toolMode === undefined ? {} : { toolMode }),
  };
}

class StageOrigin implements RunOrigin {
  readonly path: readonly string[];
  readonly #run: RunState;
  readonly #execution: StageExecution;

  constructor(run: RunState, execution: StageExecution) {
    this.path = Object.freeze([...run.reporter.lineage.path, execution.stage.name]);
    this.#run = run;
    this.#execution = execution;
  }

  get item(): string | null {
    const execution = this.#execution;
    return execution instanceof ItemExecution ? (this.masker()?.text(execution.key) ?? execution.key) : null;
  }

  get listening(): boolean {
    return this.#run.reporter.active;
  }

  relayOpening(run: RunOpening): void {
    this.#run.reporter.relayOpening(run);
  }

  relay(event: PipelineEvent): void {
    this.#run.reporter.relay(event);
  }

  masker(): RunMasker | null {
    return this.#run.maskerFor(this.#execution.stage);
  }
}
