import type { ErrorCategory } from '../errors/index.js';

/** Where a run stands among the runs that caused it. One frozen object for all events of a run. */
export interface RunLineage {
  /** The stage that started the run; null for one that no stage started. */
  readonly parentStage: string | null;
  /** The key of the item of that stage which it was started for, without secrets; absent if for none. */
  readonly parentItem?: string;
  /** The first run of the lineage. */
  readonly rootRunId: string;
  /** How many runs are above this one. */
  readonly depth: number;
  /** The stages that led here, from the first run down; empty for a run that no stage started. */
  readonly path: readonly string[];
}

/** What every event carries. Set by the engine; nothing a stage emits can override it. */
export interface EventBase {
  /** 1, 2, 3… without gaps, within a run and all runs that its stages start: one order for what happens in them. */
  readonly sequence: number;
  readonly runId: string;
  readonly parentRunId: string | null;
  readonly correlationId: string;
  readonly lineage: RunLineage;
  readonly pipeline: string;
  /** Wall-clock time in milliseconds since 1970, with fractions. */
  readonly at: number;
}

/** A failure as plain data. */
export interface EventError {
  readonly code: string;
  readonly message: string;
  /** What kind of failure it is, as the classifier of the application says: `transient`, `permanent`, `policy`… */
  readonly category: ErrorCategory;
  /** Whether trying again can help: what the failure says itself, else what the classifier says. */
  readonly retryable: boolean;
}
