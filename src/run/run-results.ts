import type { ArtifactRef } from '../artifacts/index.js';
import type { Clock } from '../clock/index.js';
import type { RunIdentity } from '../context/index.js';
import { type ErrorCategory, type ErrorClassifier, StageflowError } from '../errors/index.js';
import type { SkipCause } from '../events/index.js';
import { type OutputOf, type StageClass, type StageFailure, StageKind } from '../stage/index.js';
import { classifyWith } from './classify.js';
import type { CleanupFailure } from './cleanup-stack.js';
import type { CompensationReport } from './compensation-report.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import { type FailureSummary, summarise } from './failure-summary.js';
import type { RunRounds } from './guard-loop.js';
import { type StageExecution, StageState } from './stage-execution.js';

/** How one stage of a finished run ended. */
export interface StageResult {
  readonly stage: string;
  /** `not-started`: the run ended before the stage could start. */
  readonly status: Exclude<StageState, 'running'>;
  /** What it handed on; for cancel and fail what it said about it. */
  readonly data: object | undefined;
  /** Why it was skipped, cancelled or failed. */
  readonly reason: string | null;
  readonly skipCause: SkipCause | null;
  readonly failure: StageFailure | null;
  /** What kind of failure it is; null if it did not fail. */
  readonly category: ErrorCategory | null;
  /** How often it was called, in all rounds together. */
  readonly attempts: number;
  /** How often it was computed: more than once where a guard sent the run back, 0 if it never ran. */
  readonly rounds: number;
  /** The contract that `data` keeps, `page/v2`; null if the stage has none. */
  readonly contract: string | null;
  /** Milliseconds since 1970; null if it never ran. */
  readonly startedAt: number | null;
  readonly durationMs: number | null;
  /** It was still alive when the grace period ended, and what it returned later was dropped. */
  readonly abandoned: boolean;
}

export interface RunRecord {
  readonly compiled: CompiledPipeline;
  readonly identity: RunIdentity;
  readonly clock: Clock;
  readonly classifier: ErrorClassifier;
  readonly executions: readonly (StageExecution | undefined)[];
  readonly startedAt: number;
  readonly settledAt: number;
  readonly abandoned: ReadonlySet<string>;
  readonly cleanupFailures: readonly CleanupFailure[];
  readonly artifacts: readonly ArtifactRef[];
  readonly bag: ReadonlyMap<string, unknown>;
  /** Null if no guard could send the run back. */
  readonly loops: RunRounds | null;
  /** Null if nothing could be undone. */
  readonly work: Pick<CompensationReport, 'undone' | 'failed'> | null;
  /** The run failed or was cancelled. */
  readonly isDecided: boolean;
}

/**
 * What the stages of a finished run handed on. `M` maps the names of a builder pipeline to its outputs.
 *
 * Also part of every error a run throws: whatever completed is there.
 */
// A pipeline made of classes is read by class; its names are not known to the compiler, so they read as any.
export class RunResults<in out M = any> {
  readonly #record: RunRecord;

  constructor(record: RunRecord) {
    this.#record = record;
  }

  get runId(): string {
    return this.#record.identity.runId;
  }

  get identity(): RunIdentity {
    return this.#record.identity;
  }

  get pipeline(): string {
    return this.#record.compiled.bound.graph.name;
  }

  /** Milliseconds since 1970. */
  get startedAt(): number {
    return this.#record.clock.toEpochMs(this.#record.startedAt);
  }

  /** From start until everything had stopped and was cleaned up, in ms. */
  get durationMs(): number {
    return this.#record.settledAt - this.#record.startedAt;
  }

  /** How often the run was computed, in part or in whole: 1, and one more for each time a guard sent it back. */
  get rounds(): number {
    return this.#record.loops?.rounds ?? 1;
  }

  /** What became of the work stages of a run that failed or was cancelled; null if it completed and nothing was undone. */
  get compensation(): CompensationReport | null {
    const { work, isDecided, compiled, executions } = this.#record;
    const undone = work?.undone ?? [];
    if (!isDecided && undone.length === 0) return null;
    const standing = compiled.stages.filter(
      ({ spec, index, compensates }) =>
        spec.kind === StageKind.Work && executions[index]?.state === StageState.Ok && !(compensates && isDecided),
    );
    return { undone: [...undone], stands: standing.map(({ name }) => name), failed: [...(work?.failed ?? [])] };
  }

  /** What failed, what was skipped because of it, what stands: for a run that failed or was cancelled, else null. */
  get summary(): FailureSummary | null {
    const { compiled, executions, isDecided } = this.#record;
    return isDecided ? summarise(compiled, executions, this.compensation) : null;
  }

  /** Everything that was stored for this run, by `ctx.artifacts` or because an output was large. */
  get artifacts(): readonly ArtifactRef[] {
    return [...this.#record.artifacts];
  }

  /** What stages wrote into the bag, by key, in the order they did. */
  get bag(): ReadonlyMap<string, unknown> {
    return this.#record.bag;
  }

  /** Cleanups that threw or did not finish. */
  get cleanupFailures(): readonly CleanupFailure[] {
    return this.#record.cleanupFailures;
  }

  /** Names of stages that were still alive when the grace period ended. Normally empty. */
  get abandoned(): readonly string[] {
    return [...this.#record.abandoned];
  }

  /** The output of a stage. @throws INPUT_NO_OUTPUT if it did not complete; ask `stage(…)` for how it ended. */
  of<S extends StageClass>(stage: S): OutputOf<S>;
  of<N extends keyof M & string>(stage: N): M[N];
  of(stage: StageClass | string): unknown {
    const result = this.#result(this.#indexOf(stage));
    if (result.status === StageState.Ok) return result.data;
    throw new StageflowError({
      code: 'INPUT_NO_OUTPUT',
      message: `Stage "${result.stage}" of pipeline "${this.pipeline}" has no output: it ended as ${result.status}${result.reason === null ? '' : ` (${result.reason})`}.`,
      fix: 'Ask results.stage(…).status first.',
      details: { stage: result.stage, status: result.status, reason: result.reason },
    });
  }

  /** How a stage ended. @throws INPUT_UNDECLARED if it is not in the pipeline */
  stage(stage: StageClass | (keyof M & string)): StageResult {
    return this.#result(this.#indexOf(stage));
  }

  /** How every stage ended, in declaration order. */
  get stages(): readonly StageResult[] {
    return this.#record.compiled.stages.map((_, index) => this.#result(index));
  }

  /** The outputs of all stages that completed, by name. */
  get outputs(): Readonly<Partial<M>> {
    const completed = this.stages.filter(({ status }) => status === StageState.Ok);
    return Object.freeze(Object.fromEntries(completed.map(({ stage, data }) => [stage, data]))) as Partial<M>;
  }

  /** The stages that failed, in declaration order. */
  get failures(): readonly StageResult[] {
    return this.stages.filter(({ status }) => status === StageState.Fail);
  }

  #categoryOf(failure: StageFailure): ErrorCategory {
    const { classifier, clock, settledAt } = this.#record;
    return classifyWith(classifier, failure, clock.toEpochMs(settledAt)).category;
  }

  #indexOf(stage: StageClass | string): number {
    const { compiled } = this.#record;
    const index = typeof stage === 'string' ? compiled.bound.graph.indexOf(stage) : compiled.byClass.get(stage);
    if (index !== undefined && index >= 0) return index;
    const name = typeof stage === 'string' ? stage : stage.name;
    const often = index === -1;
    throw new StageflowError({
      code: often ? 'INPUT_AMBIGUOUS' : 'INPUT_UNDECLARED',
      message: often
        ? `Pipeline "${this.pipeline}" holds ${name} more than once.`
        : `Pipeline "${this.pipeline}" has no stage "${name}". It has ${compiled.stages.map((s) => s.name).join(', ')}.`,
      fix: often ? 'Ask by stage name.' : 'Ask for one of those.',
      details: { stage: name, stages: compiled.stages.map((s) => s.name) },
    });
  }

  #result(index: number): StageResult {
    const { compiled, executions, abandoned, clock, loops } = this.#record;
    const { name, contract } = compiled.stages[index] as CompiledStage;
    const execution = executions[index];
    const { attempts, rounds } = loops?.earlierOf(index) ?? NOT_STARTED;
    if (execution === undefined) return { ...NOT_STARTED, stage: name, contract, attempts, rounds };
    const { ran } = execution;
    return {
      stage: name,
      status: execution.state as StageResult['status'],
      data: execution.output,
      reason: execution.reason,
      skipCause: execution.skipCause,
      failure: execution.failure,
      category: execution.failure === null ? null : this.#categoryOf(execution.failure),
      attempts: attempts + (ran ? execution.attempts : 0),
      rounds: rounds + (ran ? 1 : 0),
      contract,
      startedAt: ran ? clock.toEpochMs(execution.startedAt) : null,
      durationMs: ran ? execution.durationMs : null,
      abandoned: abandoned.has(name),
    };
  }
}

const NOT_STARTED: StageResult = {
  stage: '',
  status: StageState.NotStarted,
  data: undefined,
  reason: null,
  skipCause: null,
  failure: null,
  category: null,
  attempts: 0,
  rounds: 0,
  contract: null,
  startedAt: null,
  durationMs: null,
  abandoned: false,
};
