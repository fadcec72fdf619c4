export { BackoffJitter, type BackoffOptions, BackoffStrategy } from './backoff.js';
export { BaseInterceptor, type HookAnswer } from './base-interceptor.js';
export { BulkheadInterceptor, type BulkheadOptions } from './bulkhead-interceptor.js';
export { CacheInterceptor, type CacheOptions } from './cache-interceptor.js';
export { SharedBy } from './call-key.js';
export {
  CircuitBreakerInterceptor,
  type CircuitBreakerOptions,
  type CircuitSampling,
} from './circuit-breaker-interceptor.js';
export { compose, composeOutermost, outermostOf } from './compose.js';
export type { Core, LayerPlace, OutermostCall, StageCall } from './core.js';
export { type DefaultStackOptions, defaultStack } from './default-stack.js';
export { FallbackInterceptor, type FallbackOptions, type MakeFallback } from './fallback-interceptor.js';
export { HeartbeatInterceptor, type HeartbeatOptions } from './heartbeat-interceptor.js';
export { IdempotencyInterceptor, type IdempotencyOptions } from './idempotency-interceptor.js';
export type { IdempotencyClaim, IdempotencyStore } from './idempotency-store.js';
export { ImmutabilityCheck } from './immutability-check.js';
export { type InlineCall, InlineChain } from './inline-chain.js';
export { type ItemLayers, itemLayers } from './item-layers.js';
export { LoggingInterceptor, type LoggingOptions } from './logging-interceptor.js';
export { MemoryIdempotencyStore, type MemoryIdempotencyStoreOptions } from './memory-idempotency-store.js';
export { MetricsInterceptor, type StageMeter } from './metrics-interceptor.js';
export {
  bandOf,
  describeInterceptor,
  InterceptorBand,
  interceptorName,
  orderInterceptors,
  orderToolInterceptors,
  roleOf,
  sortByPriority,
} from './order.js';
export { PayloadSizeInterceptor, type PayloadSizeOptions } from './payload-size-interceptor.js';
export { RateLimitInterceptor, type RateLimitOptions } from './rate-limit-interceptor.js';
export { RefusedError } from './refused-error.js';
export type { RetryAttempt } from './retry-attempt.js';
export { RetryInterceptor, type RetryOptions } from './retry-interceptor.js';
export { TimeoutInterceptor, type TimeoutOptions } from './timeout-interceptor.js';
export { TotalTimeoutInterceptor, type TotalTimeoutOptions } from './total-timeout-interceptor.js';
export { type StageTracer, TracingInterceptor } from './tracing-interceptor.js';
