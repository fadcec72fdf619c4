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
export { type Core, compose, type StageCall } from './compose.js';
export { FallbackInterceptor, type FallbackOptions, type MakeFallback } from './fallback-interceptor.js';
export { IdempotencyInterceptor, type IdempotencyOptions } from './idempotency-interceptor.js';
export type { IdempotencyClaim, IdempotencyStore } from './idempotency-store.js';
export { ImmutabilityCheck } from './immutability-check.js';
export { MemoryIdempotencyStore, type MemoryIdempotencyStoreOptions } from './memory-idempotency-store.js';
export { interceptorName, orderInterceptors, sortByPriority } from './order.js';
export { PayloadSizeInterceptor, type PayloadSizeOptions } from './payload-size-interceptor.js';
export { RateLimitInterceptor, type RateLimitOptions } from './rate-limit-interceptor.js';
export { RefusedError } from './refused-error.js';
export type { RetryAttempt } from './retry-attempt.js';
export { RetryInterceptor, type RetryOptions } from './retry-interceptor.js';
export { TimeoutInterceptor, type TimeoutOptions } from './timeout-interceptor.js';
