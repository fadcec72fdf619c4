export type {
  AppDescription,
  ModuleDescription,
  PipelineDescription,
  ProviderDescription,
  StageDescription,
} from './app-description.js';
export { bindStage, interceptorOf, requireInterceptor, ruleOf } from './bind-stage.js';
export { type ApplicationCheck, type CheckedPipeline, checkApplication } from './check-application.js';
export { constructorRequests } from './dependency-request.js';
export { DisposalList, disposeFailed } from './disposal.js';
export { findPipeline, type ModuleTools } from './find-pipeline.js';
export { LazyReference, standInFor } from './lazy-reference.js';
export type { ModuleReplacement } from './module-replacements.js';
export { type OutsidePlan, type OutsideProvider, planOutside } from './outside-plan.js';
export type { PlannedStage } from './pipeline-plan.js';
export type { PlanNode } from './plan-node.js';
export type { Mocker } from './resolver.js';
export { Stageflow } from './stageflow.js';
export type { StageflowOptions, StageflowPlugin } from './stageflow-options.js';
export { bindPlannedTools } from './tool-plan.js';
export type { DependencyRequest, ModuleNode, ProviderRecord } from './wiring-records.js';
