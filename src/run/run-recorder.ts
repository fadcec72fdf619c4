/* What the engine tells whoever writes a run down, and what it asks of whoever remembers an earlier part of it. */

import type { ArtifactRef } from '../artifacts/index.js';
import type { AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { SkipCause } from '../events/index.js';
import type { StageOutput } from '../stage/index.js';
import type { ToolCallLog } from '../tools/index.js';
import type { BoundPipeline } from './bound-pipeline.js';
import type { CancelScope } from './cancel-scope.js';
import type { CompiledPipeline, CompiledStage } from './compiled-stage.js';
import type { Decision } from './decision.js';
import type { RunRounds } from './guard-loop.js';
import type { RunMasker } from './run-masker.js';
import type { RunOptions } from './run-options.js';
import type { StageExecution } from './stage-execution.js';

/** How a stage ended in an earlier life of its run. */
export interface RecordedStage {
  readonly stage: string;
  /** In which round of the run: 1 unless a guard has sent it back. */
  readonly round: number;
  readonly status: 'ok' | 'skip' | 'cancel' | 'fail';
  readonly data: object | undefined;
  readonly reason: string | null;
  readonly skipCause: SkipCause | null;
  readonly failure: RecordedFailure | null;
  /** The stage itself said that the run is over. */
  readonly endsRun: boolean;
  readonly attempts: number;
  /** Milliseconds since 1970; null if it was never called. */
  readonly startedAt: number | null;
  readonly durationMs: number;
  /** What it wrote into the bag, by the keys that the run keeps. */
  readonly bag: readonly (readonly [key: string, value: unknown])[];
  readonly artifacts: readonly ArtifactRef[];
}

export interface RecordedFailure {
  readonly name: string;
  readonly message: string;
  readonly code: string;
  readonly retryable: boolean | null;
  readonly hint: string | null;
}

/** What is to be known of a run that is written down. */
export interface RecordedRun {
  readonly pipeline: string;
  readonly compiled: CompiledPipeline;
  readonly snapshot: ContextSnapshot;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  readonly options: RunOptions;
  readonly scope: CancelScope;
  readonly parts: { readonly clock: Clock };
  readonly life: { readonly decided: boolean };
  readonly stageCancels: ReadonlyMap<number, unknown> | null;
  readonly loops: RunRounds | null;
  readonly reporter: { rare(event: { readonly type: 'pipeline.resumed'; readonly restored: number }): void };
  readonly resources: {
    readonly artifacts: readonly ArtifactRef[];
    apartOf(execution: StageExecution): readonly (readonly [field: string | null, ref: ArtifactRef])[];
    factsOf(stage: string): readonly (readonly [key: string, value: unknown])[];
  };
  maskerFor(writer: CompiledStage | null): RunMasker | null;
}

/** Follows one run. Nothing here throws; what a promise rejects with ends what waits for it. */
export interface RunRecorder {
  /** The caller is known and nothing has been built or called yet. @returns what the run waits for before it begins */
  opened(run: RecordedRun): Promise<void> | null;
  /** How this stage ended before; null if it has to run. */
  restore(run: RecordedRun, execution: StageExecution): RecordedStage | null;
  /**
   * A stage is about to be called. Asked again after a wait.
   * @returns null if it may be; what it waits for; or how it ends instead
   */
  starting(run: RecordedRun, execution: StageExecution): Promise<void> | StageOutput | null;
  /** A stage starts a run. @returns who follows that one */
  child(run: RecordedRun, execution: StageExecution, pipeline: BoundPipeline): RunRecorder;
  /** A stage is over, however it ended; `execution.state` says so. */
  settled(run: RecordedRun, execution: StageExecution): void;
  /** Everything is over. @returns what the outcome waits for; never rejects */
  ended(run: RecordedRun, decision: Decision | null): Promise<void> | null;
  /** The tool calls of the run. */
  readonly toolCalls: ToolCallLog | null;
  /** What items have come to; null if nobody keeps it. */
  readonly items: ItemLog | null;
  /** What recorded providers answered; null if nobody keeps it. */
  readonly providerCalls: ProviderCallLog | null;
}

/** What the items of stages of one run have come to. */
export interface ItemLog {
  /** What the item handed on in an earlier life of the run; null if it has to be worked on. */
  find(stage: string, round: number, key: string): object | null;
  /** It has completed. */
  add(stage: string, round: number, key: string, data: object): void;
}

/** What recorded providers answered in one run. */
export interface ProviderCallLog {
  /** What this call answered before; null if it has to be made. @throws REPLAY_CALL_UNKNOWN if it must not be */
  find(key: string): ProviderAnswer | null;
  add(key: string, answer: ProviderAnswer): void;
}

/** `value` is what was given, or what was thrown. */
export interface ProviderAnswer {
  readonly ok: boolean;
  readonly value: unknown;
  /** It gave a promise. */
  readonly isAsync: boolean;
}

/** A run that was begun before, in this process or another. */
export interface EarlierRun {
  /** With the ids it had. */
  readonly snapshot: ContextSnapshot;
  /** Whom it was for, as it was verified then; or a token, which is verified now. */
  readonly caller: { readonly auth: AuthContext; readonly org: OrgContext } | { readonly token: string };
  readonly record: RunRecorder | null;
  /** The sinks of the engine hear of it. */
  readonly isHeard: boolean;
}

/** Writes runs down. */
export interface RunJournal {
  /** @returns null for a run that is not written down */
  open(runId: string): RunRecorder | null;
}
