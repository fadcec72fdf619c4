export {
  type Compensating,
  type CompensationContext,
  isCompensating,
  type RefuseUndone,
} from './compensation.js';
export type { RefuseBreach, RefuseInput, RefuseReturn } from './contract-check.js';
export type { GuardFeedback, RetryFromOptions } from './guard-feedback.js';
export * from './interceptor.js';
export {
  type CompletedItem,
  type ItemContext,
  type ItemIterable,
  type ItemOptions,
  type ItemPlace,
  ItemPolicy,
  type ItemRun,
  type JoinedItems,
  type MissingItem,
  type Settled,
  type SomeItems,
} from './items.js';
export {
  type LoopBound,
  type LoopContext,
  type LoopOptions,
  LoopReason,
  type LoopResult,
  type LoopRun,
} from './loops.js';
export { inNamespace, isNamespace, namesFor, namespacesFrom } from './namespace.js';
export type { RefuseOutput } from './output-check.js';
export { RunContext } from './run-context.js';
export type { ChildResults, SpawnableModule, SpawnablePipeline, SpawnInput, SpawnOptions } from './spawn.js';
export type { ArtifactOptions, StageArtifacts } from './stage-artifacts.js';
export {
  atLeast,
  type DataOf,
  type Dependency,
  type ExpectedDependency,
  expecting,
  type IsAny,
  isExpectedDependency,
  isOptionalDependency,
  isQuorumDependency,
  type OptionalDependency,
  type OutputOf,
  optional,
  type QuorumDependency,
  type QuorumOf,
  type SameClass,
  type StageClass,
  type StageInstance,
} from './stage-class.js';
export type { StageContext } from './stage-context.js';
export type { InputOf, InputStatus, NamedOutputs, ReadableClass, StageInputs } from './stage-inputs.js';
export { StageKind } from './stage-kind.js';
export {
  type EmptyOutput,
  type FailOptions,
  messageOf,
  type RetryRequest,
  type StageFailure,
  StageOutput,
  StageStatus,
} from './stage-output.js';
export type { DependencySpec, QuorumSpec, RetryFromSpec, StageSpec } from './stage-spec.js';
export {
  type OfferedTool,
  type StageTools,
  type ToolClass,
  type ToolContext,
  ToolEffect,
  type ToolOutcome,
  type ToolRequest,
  type ToolSpec,
  type ToolValue,
} from './stage-tools.js';
