export type { BoundContracts, BoundPipeline, BoundStage, ConditionPredicate, RunInstances } from './bound-pipeline.js';
export type { CallerOptions } from './caller-options.js';
export type { CallerRules } from './caller-rules.js';
export { callersUnknown } from './callers-unknown.js';
export type { PipelineFinder } from './child-host.js';
export type { CleanupFailure } from './cleanup-stack.js';
export type { CompensationFailure, CompensationReport } from './compensation-report.js';
export type { CompiledStage } from './compiled-stage.js';
export type { Decision } from './decision.js';
export { Engine } from './engine.js';
export type { ArtifactsOptions, EngineOptions } from './engine-options.js';
export type { RunEvents } from './event-log.js';
export type { FailureSummary, SkippedStage } from './failure-summary.js';
export { ItemsFailedError } from './item-errors.js';
export type { ItemJob } from './item-job.js';
export { itemCall, runItems } from './item-run.js';
export { type LoopJob, runLoop } from './loop-run.js';
export type { PipelineRun, RunOutcome } from './pipeline-run.js';
export { recorderOf, roundOf } from './recorder-of.js';
export { PipelineCancelledError, RunFailedError, StageFailedError, StageTimeoutError } from './run-errors.js';
export { hostOf, type RunHost } from './run-host.js';
export type { RunInput, RunOptions } from './run-options.js';
export type {
  EarlierRun,
  ItemLog,
  ProviderAnswer,
  ProviderCallLog,
  RecordedFailure,
  RecordedRun,
  RecordedStage,
  RunJournal,
  RunRecorder,
} from './run-recorder.js';
export { RunResults, type StageResult } from './run-results.js';
export { type SchedulePlan, Scheduler, Settlement, Verdict } from './scheduler.js';
export { type StageExecution, StageState } from './stage-execution.js';
