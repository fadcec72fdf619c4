import type { ApprovalEvent } from './approval-events.js';
import type { EventBase, EventError } from './event-base.js';
import type { ItemEvent, IterationCompleted } from './item-events.js';
import type { RecoveryEvent } from './recovery-event.js';
import type { ToolEvent } from './tool-events.js';

/** Why a stage was skipped without being run, or that it said so itself. */
export const SkipCause = {
  /** The stage ran and returned `StageOutput.skip(reason)`. */
  Returned: 'returned',
  /** Its condition was false, or none of its required dependencies was selected. */
  NotSelected: 'not-selected',
  /** Something it requires failed, under the `continue` policy. */
  DependencyFailed: 'dependency-failed',
  /** Something it requires was cancelled alone. */
  DependencyCancelled: 'dependency-cancelled',
} as const;
export type SkipCause = (typeof SkipCause)[keyof typeof SkipCause];

export interface PipelineStarted extends EventBase {
  readonly type: 'pipeline.started';
  readonly stages: number;
}
export interface PipelineCompleted extends EventBase {
  readonly type: 'pipeline.completed';
  readonly durationMs: number;
}
export interface PipelineFailed extends EventBase {
  readonly type: 'pipeline.failed';
  readonly durationMs: number;
  /** The stage whose failure decided the outcome; null if the run itself failed, for example by its deadline. */
  readonly stage: string | null;
  readonly error: EventError;
}
export interface PipelineCancelled extends EventBase {
  readonly type: 'pipeline.cancelled';
  readonly durationMs: number;
  /** The stage that returned cancel; null if the caller cancelled. */
  readonly stage: string | null;
  readonly reason: string;
}
export interface StageStarted extends EventBase {
  readonly type: 'stage.started';
  readonly stage: string;
}
export interface StageCompleted extends EventBase {
  readonly type: 'stage.completed';
  readonly stage: string;
  readonly durationMs: number;
  readonly attempts: number;
}
export interface StageSkipped extends EventBase {
  readonly type: 'stage.skipped';
  readonly stage: string;
  readonly cause: SkipCause;
  readonly reason: string;
}
export interface StageFailed extends EventBase {
  readonly type: 'stage.failed';
  readonly stage: string;
  readonly durationMs: number;
  readonly attempts: number;
  readonly error: EventError;
}
export interface StageCancelled extends EventBase {
  readonly type: 'stage.cancelled';
  readonly stage: string;
  readonly durationMs: number;
  readonly reason: string;
}
export interface StageRetryScheduled extends EventBase {
  readonly type: 'stage.retry_scheduled';
  readonly stage: string;
  /** The key of the item it is about; absent where it is about the stage as a whole. */
  readonly item?: string;
  /** The attempt that just failed: 1 is the first. */
  readonly attempt: number;
  readonly delayMs: number;
  readonly error: EventError;
}
export interface StageRetryExhausted extends EventBase {
  readonly type: 'stage.retry_exhausted';
  readonly stage: string;
  /** The key of the item it is about; absent where it is about the stage as a whole. */
  readonly item?: string;
  readonly attempts: number;
  readonly error: EventError;
}
export interface StageProgress extends EventBase {
  readonly type: 'stage.progress';
  readonly stage: string;
  /** The key of the item it is about; absent where it is about the stage as a whole. */
  readonly item?: string;
  /** 0 to 1. */
  readonly fraction: number;
  readonly note: string | null;
}
/** The stage was still alive when the grace period ended; whatever it returns later is discarded. */
export interface StageAbandoned extends EventBase {
  readonly type: 'stage.abandoned';
  readonly stage: string;
  readonly graceMs: number;
}
/** An interceptor that only observes has failed; it changed nothing. */
export interface InterceptorFailed extends EventBase {
  readonly type: 'interceptor.failed';
  readonly stage: string;
  /** The key of the item it is about; absent where it is about the stage as a whole. */
  readonly item?: string;
  readonly interceptor: string;
  readonly error: EventError;
}
export interface CleanupFailed extends EventBase {
  readonly type: 'cleanup.failed';
  readonly stage: string;
  readonly error: EventError;
}
/** What an event says of an artifact. */
export interface EventArtifact {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: number;
  /** SHA-256 in hex. */
  readonly digest: string;
}
/** A stage has stored an artifact, or its output was so large that it was stored. */
export interface ArtifactStored extends EventBase {
  readonly type: 'artifact.stored';
  readonly stage: string;
  /** The key of the item it is about; absent where it is about the stage as a whole. */
  readonly item?: string;
  readonly artifact: EventArtifact;
}
/** What a stage sent with `ctx.emit(name, data)`. */
export interface CustomEvent extends EventBase {
  readonly type: 'custom';
  readonly stage: string;
  /** The key of the item it is about; absent where it is about the stage as a whole. */
  readonly item?: string;
  readonly name: string;
  readonly data: unknown;
}

/** The caller of the run is known, before its first stage. Once per run; never holds the token. */
export interface AuthLogin extends EventBase {
  readonly type: 'auth.login';
  /** `token`: verified by the verifier. `host`: given to the run as verified. `parent`: that of the run that started it. */
  readonly by: 'token' | 'host' | 'parent';
  readonly kind: 'user' | 'service-account' | 'anonymous';
  /** The user, or the service account. */
  readonly principalId: string | null;
  readonly sessionId: string | null;
  readonly orgId: string | null;
  readonly tenantId: string | null;
}
/** The caller was not recognised. No stage starts, and the run fails. */
export interface AuthFailure extends EventBase {
  readonly type: 'auth.failure';
  /** One of `AuthFailureReason`. */
  readonly reason: string;
  readonly code: string;
  /** The name of the claim that is missing or wrong, if it was one. */
  readonly claim: string | null;
}
/** The caller may use a stage that has access rules. */
export interface AccessGranted extends EventBase {
  readonly type: 'access.granted';
  readonly stage: string;
}
/** The caller may not use a stage, which fails without being called. */
export interface AccessDenied extends EventBase {
  readonly type: 'access.denied';
  readonly stage: string;
  /** The kind of the rule that denied, such as `roles`; null if there was none to ask. */
  readonly rule: string | null;
  /** One of `AccessDenial`. */
  readonly reason: string;
  /** What the caller would need, by the names that the program gave: roles, scopes, plans, a feature or a policy. */
  readonly missing: readonly string[];
}
/** The program reached for something that the organisation of the run does not own. */
export interface TenantAccessDenied extends EventBase {
  readonly type: 'tenant.access_denied';
  /** Null if it was not reached through the context of a stage. */
  readonly stage: string | null;
  /** What was reached for, in the program's own words. */
  readonly subject: string;
  /** One of `TenantDenial`. */
  readonly reason: string;
}
/** What is reported of callers and of what they may do. */
export type CallerEvent = AuthLogin | AuthFailure | AccessGranted | AccessDenied | TenantAccessDenied;

/** Everything a run reports, in order. Switch on `type`. */
export type PipelineEvent =
  | PipelineStarted
  | PipelineCompleted
  | PipelineFailed
  | PipelineCancelled
  | StageStarted
  | StageCompleted
  | StageSkipped
  | StageFailed
  | StageCancelled
  | StageRetryScheduled
  | StageRetryExhausted
  | StageProgress
  | StageAbandoned
  | InterceptorFailed
  | CleanupFailed
  | ArtifactStored
  | CustomEvent
  | CallerEvent
  | ItemEvent
  | IterationCompleted
  | RecoveryEvent
  | ToolEvent
  | ApprovalEvent;

export type PipelineEventType = PipelineEvent['type'];
