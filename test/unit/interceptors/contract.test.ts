import {
  BaseInterceptor,
  BulkheadInterceptor,
  CacheInterceptor,
  CircuitBreakerInterceptor,
  FallbackInterceptor,
  IdempotencyInterceptor,
  ImmutabilityCheck,
  PayloadSizeInterceptor,
  RateLimitInterceptor,
  RetryInterceptor,
  TimeoutInterceptor,
} from '../../../src/interceptors/index.js';
import { StageKind } from '../../../src/stage/index.js';
import { interceptorContract } from '../../contract/interceptor-contract.js';

const key = ({ snapshot }: { snapshot: { inputText: string | null } }) => snapshot.inputText ?? undefined;
const request = (index: number) => ({ identity: { requestId: `request ${index}` } });

class Hooks extends BaseInterceptor {
  override before() {}
  override onError() {}
  override after() {}
}

interceptorContract('BaseInterceptor', () => new Hooks());
interceptorContract('BulkheadInterceptor', () => new BulkheadInterceptor({ limit: 2, queue: 20 }));
interceptorContract('BulkheadInterceptor without a queue', () => new BulkheadInterceptor({ limit: 2 }), {
  refuses: true,
});
interceptorContract('CacheInterceptor', () => new CacheInterceptor({ key, ttlMs: 1_000, shareMisses: true }));
interceptorContract('CircuitBreakerInterceptor', () => new CircuitBreakerInterceptor({ consecutive: 1 }));
interceptorContract('FallbackInterceptor', () => FallbackInterceptor.with({ use: { value: 2 } }), { recovers: true });
interceptorContract('IdempotencyInterceptor', () => new IdempotencyInterceptor(), {
  kind: StageKind.Work,
  input: request,
});
interceptorContract('ImmutabilityCheck', () => new ImmutabilityCheck());
interceptorContract('PayloadSizeInterceptor', () => PayloadSizeInterceptor.with({ warnGrowth: 2 }));
interceptorContract('RateLimitInterceptor', () => new RateLimitInterceptor({ permits: 1 }), { refuses: true });
interceptorContract('RateLimitInterceptor that waits', () => {
  return new RateLimitInterceptor({ permits: 1, whenEmpty: 'wait', maxWaitMs: 60_000 });
});
interceptorContract('RetryInterceptor', () =>
  RetryInterceptor.with({ attempts: 3, jitter: 'full', random: () => 0.5 }),
);
interceptorContract('TimeoutInterceptor', () => TimeoutInterceptor.with({ limitMs: 1_000_000_000 }));
