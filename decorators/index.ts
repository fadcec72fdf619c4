// First, so that it is there before any decorated class is evaluated: metadata is written through it.
import 'reflect-metadata';

export {
  Public,
  RequireAccess,
  RequireAuth,
  RequireFeature,
  RequirePlan,
  RequirePolicy,
  RequireRoles,
  RequireScopes,
} from './access.js';
export { Bulkhead } from './bulkhead.js';
export { Cache } from './cache.js';
export { CircuitBreaker } from './circuit-breaker.js';
export { Compensate } from './compensate.js';
export { Contract, type ContractDecoratorOptions } from './contract.js';
export { DependsOn } from './depends-on.js';
export { Fallback, type FallbackDecoratorOptions } from './fallback.js';
export { ForEach, type ForEachOptions } from './for-each.js';
export { Idempotent } from './idempotent.js';
export { Inject } from './inject.js';
export { Injectable, type InjectableOptions } from './injectable.js';
export { Intercept } from './intercept.js';
export { Optional } from './optional.js';
export { PipelineModule, type PipelineModuleOptions } from './pipeline-module.js';
export { RateLimit } from './rate-limit.js';
export { Repeat, type RepeatOptions } from './repeat.js';
export { Retry } from './retry.js';
export { RetryFrom } from './retry-from.js';
export { Sensitive } from './sensitive.js';
export { SkipInterceptor } from './skip-interceptor.js';
export { Stage, type StageOptions } from './stage.js';
export { SubPipeline, type SubPipelineOptions } from './sub-pipeline.js';
export { Timeout, type TimeoutDecoratorOptions } from './timeout.js';
export { Tool } from './tool.js';
export { When } from './when.js';
