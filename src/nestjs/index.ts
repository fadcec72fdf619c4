export type { NestCaller, ReadCaller } from './caller.js';
export { HTTP_STATUS } from './http-status.js';
export { NestPipeline } from './nest-pipeline.js';
export { getPipelineToken, InjectPipeline } from './pipeline-token.js';
export { StageflowExceptionFilter, toHttpException } from './stageflow-exception-filter.js';
export { StageflowHealth, type StageflowHealthResult } from './stageflow-health.js';
export { StageflowModule } from './stageflow-module.js';
export type {
  StageflowAsyncOptions,
  StageflowFactoryOptions,
  StageflowFeature,
  StageflowModuleOptions,
  StageflowRootOptions,
} from './stageflow-options.js';
export { type SseOptions, toSse } from './to-sse.js';
