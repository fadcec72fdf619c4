import type { EventBase, EventError } from './event-base.js';

/** A guard that sends the run back has failed. Comes after its `stage.failed`. */
export interface GuardRetryAttempt extends EventBase {
  readonly type: 'guard_retry.attempt';
  readonly stage: string;
  /** Where it sends the run back to. */
  readonly retryFrom: string;
  /** How often it has failed in this run: 1 is the first time. */
  readonly attempt: number;
  readonly error: EventError;
}
/** The run goes back: the stages named are computed again. */
export interface GuardRetryScheduled extends EventBase {
  readonly type: 'guard_retry.scheduled';
  readonly stage: string;
  readonly retryFrom: string;
  /** The attempt that this leads to. */
  readonly attempt: number;
  /** In declaration order, the guard itself included. */
  readonly stages: readonly string[];
}
/** A guard passes that had failed before. */
export interface GuardRetryRecovered extends EventBase {
  readonly type: 'guard_retry.recovered';
  readonly stage: string;
  readonly retryFrom: string;
  /** How often it was asked since it last passed, this time included. */
  readonly attempts: number;
}
/** Why a guard that kept failing does not send the run back any more. */
export const GuardRetryEnd = {
  Attempts: 'attempts',
  Timeout: 'timeout',
  /** The same reason and data too often in a row. */
  Stagnation: 'stagnation',
} as const;
export type GuardRetryEnd = (typeof GuardRetryEnd)[keyof typeof GuardRetryEnd];

/** A guard kept failing, and the run does not go back any more. */
export interface GuardRetryExhausted extends EventBase {
  readonly type: 'guard_retry.exhausted';
  readonly stage: string;
  readonly retryFrom: string;
  /** How often it has failed. */
  readonly attempts: number;
  readonly cause: GuardRetryEnd;
  readonly error: EventError;
}
/** What a stage did was undone. */
export interface StageCompensated extends EventBase {
  readonly type: 'stage.compensated';
  readonly stage: string;
  readonly durationMs: number;
}
/** What a stage did could not be undone. */
export interface StageCompensationFailed extends EventBase {
  readonly type: 'stage.compensation_failed';
  readonly stage: string;
  readonly error: EventError;
}
/** A run that was interrupted goes on; comes after `pipeline.started`, once its caller is known. */
export interface PipelineResumed extends EventBase {
  readonly type: 'pipeline.resumed';
  /** How many stages had ended by then, and are not called again. */
  readonly restored: number;
}
/** A stage had ended before the run was interrupted: its recorded end stands. Comes instead of its other events. */
export interface StageRestored extends EventBase {
  readonly type: 'stage.restored';
  readonly stage: string;
  readonly status: 'ok' | 'skip' | 'cancel' | 'fail';
  readonly attempts: number;
  /** What it took then. */
  readonly durationMs: number;
}
/** What is reported of going back, of undoing, and of going on after an interruption. */
export type RecoveryEvent =
  | GuardRetryAttempt
  | GuardRetryScheduled
  | GuardRetryRecovered
  | GuardRetryExhausted
  | StageCompensated
  | StageCompensationFailed
  | PipelineResumed
  | StageRestored;
