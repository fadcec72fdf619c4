export { type Core, compose, type StageCall } from './compose.js';
export { interceptorName, orderInterceptors, sortByPriority } from './order.js';
export { RetryInterceptor, type RetryOptions } from './retry-interceptor.js';
export { TimeoutInterceptor, type TimeoutOptions } from './timeout-interceptor.js';
