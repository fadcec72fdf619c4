/** What every event carries. Set by the engine; nothing a stage emits can override it. */
export interface EventBase {
  /** 1, 2, 3… within one run, without gaps. */
  readonly sequence: number;
  readonly runId: string;
  readonly parentRunId: string | null;
  readonly correlationId: string;
  readonly pipeline: string;
  /** Wall-clock time in milliseconds since 1970, with fractions. */
  readonly at: number;
}

/** A failure as plain data. */
export interface EventError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}
