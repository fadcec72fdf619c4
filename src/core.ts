// The builder and the executor without decorators and container: loads no metadata polyfill and no DI library.
export * from './artifacts/index.js';
export * from './auth/index.js';
export * from './clock/index.js';
export {
  type BagKey,
  type BagView,
  bagKey,
  ContextSnapshot,
  type ContextSnapshotInit,
  type Conversation,
  type Enrichments,
  type ExtensionCodec,
  type ExtensionEntry,
  type ExtensionOptions,
  type ExtensionToken,
  extensionToken,
  type Memory,
  type Message,
  MessageRole,
  type Profile,
  type RoutingDecision,
  type RunIdentity,
  type RunIdentityInit,
  type SchemaIssue,
  type SchemaLike,
  type SchemaResult,
  type SnapshotDocument,
  type SnapshotExtensions,
  type SnapshotFieldsInit,
  type SnapshotJson,
  type WebResult,
} from './context/index.js';
export * from './errors/index.js';
export * from './events/index.js';
export {
  type DependencyInit,
  FailurePolicy,
  type GraphInit,
  type LintIssue,
  lintGraph,
  type PlanJson,
  renderDot,
  renderMermaid,
  renderText,
  StageGraph,
  type StageNodeInit,
  validateGraph,
} from './graph/index.js';
export { RetryInterceptor, type RetryOptions, TimeoutInterceptor, type TimeoutOptions } from './interceptors/index.js';
export {
  MASK_TEXT,
  Masker,
  MaskingRules,
  type MaskingRulesOptions,
  type MaskOptions,
  type SecretLimits,
  SecretValues,
  SensitivePaths,
  sensitiveFields,
  WELL_KNOWN_SECRET_NAMES,
} from './masking/index.js';
export { type DeepFreezeOptions, deepFreeze, type Json, type PayloadProblem } from './payload/index.js';
export {
  type BuilderStageOptions,
  type ComposeOptions,
  Pipeline,
  type PipelineOptions,
  PipelineRegistry,
  RunnablePipeline,
} from './pipeline/index.js';
export {
  type CleanupFailure,
  type EngineOptions,
  PipelineCancelledError,
  type PipelineRun,
  type RunEvents,
  RunFailedError,
  type RunInput,
  type RunOptions,
  type RunOutcome,
  RunResults,
  StageFailedError,
  type StageResult,
  StageState,
  StageTimeoutError,
} from './run/index.js';
export * from './stage/index.js';
