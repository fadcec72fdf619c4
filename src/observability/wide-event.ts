import type { EventError } from '../events/index.js';

/** What both wide events say of whose they are. */
interface WideBase {
  readonly runId: string;
  readonly parentRunId: string | null;
  readonly correlationId: string;
  readonly pipeline: string;
  /** Wall-clock time of the end, in milliseconds since 1970. */
  readonly at: number;
}

/** How a stage stood when its run was over. */
export const WideStageStatus = {
  Completed: 'completed',
  Skipped: 'skipped',
  Failed: 'failed',
  Cancelled: 'cancelled',
  /** The run ended before it was its turn. */
  NotStarted: 'not-started',
} as const;
export type WideStageStatus = (typeof WideStageStatus)[keyof typeof WideStageStatus];

/** Everything about one stage of one run. */
export interface StageWideEvent extends WideBase {
  readonly type: 'stage.wide';
  readonly stage: string;
  readonly kind: string;
  readonly status: WideStageStatus;
  /** Of all its executions together, attempts and the waits between them included. */
  readonly durationMs: number;
  /** How often it was computed: more than once if a guard sent the run back. */
  readonly executions: number;
  /** How often it was called in its last execution; 0 if it never was. */
  readonly attempts: number;
  /** Attempts beyond the first, in all executions. */
  readonly retries: number;
  /** Why it was skipped or cancelled; null otherwise. */
  readonly reason: string | null;
  readonly error: EventError | null;
  /** It was still alive when the grace period ended. */
  readonly abandoned: boolean;
  readonly tools: ToolCounts;
}

/** How the tool calls ended. */
export interface ToolCounts {
  readonly completed: number;
  readonly failed: number;
  readonly denied: number;
  readonly cancelled: number;
}

/** Everything about one run. */
export interface PipelineWideEvent extends WideBase {
  readonly type: 'pipeline.wide';
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly durationMs: number;
  /** The stage that decided the outcome; null if none did. */
  readonly stage: string | null;
  readonly reason: string | null;
  readonly error: EventError | null;
  readonly stages: Readonly<Record<WideStageStatus, number>>;
  readonly retries: number;
  readonly tools: ToolCounts;
}

export type WideEvent = StageWideEvent | PipelineWideEvent;
