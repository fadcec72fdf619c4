export { boundTool, layeredTool } from './bind-tools.js';
export type { BuilderContext, BuilderDependency, BuilderStageOptions, OutputCondition } from './builder-types.js';
export { declareStageClass } from './declare-stage-class.js';
export { type ComposeOptions, Pipeline, type PipelineOptions } from './pipeline.js';
export { PipelineRegistry, type RegisterOptions } from './pipeline-registry.js';
export { type GraphPlanOptions, planGraph } from './plan-graph.js';
export { RunnablePipeline } from './runnable-pipeline.js';
export { unknownSkips, withoutSkipped } from './skip-interceptors.js';
export type { DeclaredCondition, DeclaredDependency, StageDeclaration } from './stage-declaration.js';
