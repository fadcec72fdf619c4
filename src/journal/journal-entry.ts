/* What a journal says, one JSON object a line. Data is encoded as `src/payload` encodes it. */
import type { ArtifactRef } from '../artifacts/index.js';
import type { SnapshotJson } from '../context/index.js';
import type { SkipCause } from '../events/index.js';
import type { PlanJson } from '../graph/index.js';
import type { Json } from '../payload/index.js';
import type { RecordedFailure } from '../run/index.js';

export const JOURNAL_VERSION = 1;

/** Why something is not in the journal. */
export type Omission = 'secret' | 'not encodable' | 'artifact';

/** Whom a run was for, as it was verified. Never a token. */
export interface StoredCaller {
  readonly auth: Readonly<Record<string, unknown>> | null;
  readonly org: Readonly<Record<string, unknown>> | null;
}

export interface RunStarted {
  readonly type: 'run.started';
  readonly version: typeof JOURNAL_VERSION;
  readonly at: number;
  readonly plan: PlanJson;
  /** Null if it holds secrets and nothing seals them. */
  readonly snapshot: SnapshotJson | null;
  readonly caller: StoredCaller;
  readonly options: { readonly maxConcurrency?: number | undefined; readonly toolMode?: string | undefined };
}

export interface RunResumed {
  readonly type: 'run.resumed';
  readonly at: number;
  /** Of the plan from here on. */
  readonly planHash: string;
}

/** Written before a stage is called that changes the world, or starts a run that does. */
export interface StageStarted {
  readonly type: 'stage.started';
  readonly at: number;
  readonly stage: string;
  readonly round: number;
}

export interface StageSettled {
  readonly type: 'stage.settled';
  readonly at: number;
  readonly stage: string;
  readonly round: number;
  readonly status: 'ok' | 'skip' | 'cancel' | 'fail';
  readonly data?: Json;
  readonly omitted?: Omission;
  /** Fields of the data that are artifacts; null for the whole. */
  readonly apart?: readonly (readonly [field: string | null, ref: ArtifactRef])[];
  readonly reason?: string | null;
  readonly skipCause?: SkipCause | null;
  readonly failure?: RecordedFailure | null;
  readonly endsRun?: true;
  /** It started runs, which are part of it. */
  readonly startedRuns?: true;
  readonly attempts: number;
  readonly startedAt: number | null;
  readonly durationMs: number;
  readonly bag?: readonly (readonly [string, Json])[];
  readonly artifacts?: readonly ArtifactRef[];
}

/** An item of a stage has completed. */
export interface ItemCompleted {
  readonly type: 'item.completed';
  readonly at: number;
  readonly stage: string;
  readonly round: number;
  /** `key` and `data`: either may hold secrets. */
  readonly item?: Json;
  readonly omitted?: Omission;
}

export interface ToolCallStarted {
  readonly type: 'tool.started';
  readonly at: number;
  readonly key: string;
  readonly tool: string;
  readonly digest: string;
}

export interface ToolCallFinished {
  readonly type: 'tool.finished';
  readonly at: number;
  readonly key: string;
  readonly ok: boolean;
  readonly output?: Json;
  readonly omitted?: Omission;
}

/** What a recorded provider answered. */
export interface ProviderCalled {
  readonly type: 'provider.called';
  readonly at: number;
  /** Stage, round, provider, method and arguments; the how-manieth of the same. */
  readonly key: string;
  readonly ok: boolean;
  readonly isAsync: boolean;
  /** What it gave, or what it threw as name, message and code. */
  readonly value?: Json;
  readonly omitted?: Omission;
}

export interface RunEnded {
  readonly type: 'run.ended';
  readonly at: number;
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly stage: string | null;
  readonly code: string | null;
  readonly reason: string | null;
}

export type JournalEntry =
  | RunStarted
  | RunResumed
  | StageStarted
  | StageSettled
  | ItemCompleted
  | ToolCallStarted
  | ToolCallFinished
  | ProviderCalled
  | RunEnded;
