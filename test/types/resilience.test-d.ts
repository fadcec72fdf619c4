// Promise: short forms of @Intercept stand on stages, with options that exist, and a fallback is what readers expect.
import {
  Bulkhead,
  Cache,
  CircuitBreaker,
  Fallback,
  Idempotent,
  Intercept,
  RateLimit,
  Retry,
  Stage,
  Timeout,
} from '../../decorators/index.js';
import {
  BaseInterceptor,
  BulkheadInterceptor,
  CacheInterceptor,
  CircuitBreakerInterceptor,
  FallbackInterceptor,
  IdempotencyInterceptor,
  type IdempotencyStore,
  MemoryIdempotencyStore,
  RateLimitInterceptor,
  RetryInterceptor,
} from '../../src/interceptors/index.js';
import { type StageContext, StageKind, StageOutput } from '../../src/stage/index.js';

@Stage({ kind: StageKind.Work })
@Timeout(2_000)
@Retry({ attempts: 3, jitter: 'full', strategy: 'linear', idempotent: true })
@Idempotent()
@CircuitBreaker({ sampling: { share: 0.5, ofLast: 20 } })
@RateLimit({ permits: 10, by: (ctx) => ctx.snapshot.inputText ?? '' })
@Bulkhead({ limit: 4, queue: 8 })
@Cache({ key: (ctx) => ctx.snapshot.inputText ?? undefined, ttlMs: 60_000, by: 'user' })
@Intercept(
  RetryInterceptor.with({ attempts: 2 }),
  IdempotencyInterceptor.with({ store: new MemoryIdempotencyStore() }),
  CircuitBreakerInterceptor.with(),
  RateLimitInterceptor.with({ permits: 1 }),
  BulkheadInterceptor.with({ limit: 1 }),
  CacheInterceptor.with({ key: () => 'a', ttlMs: 1 }),
  new CircuitBreakerInterceptor(),
  FallbackInterceptor.with({ use: async () => ({}) }),
)
export class Everything {
  execute() {}
}

// @ts-expect-error a number of milliseconds
@Timeout('2s')
export class TimeoutAsText {
  execute() {}
}
// @ts-expect-error only stages time out
@Timeout(1)
export class TimesOutNoStage {
  run() {}
}
// @ts-expect-error a retry says how often
@Retry({ delayMs: 10 })
export class RetryWithoutAttempts {
  execute() {}
}
// @ts-expect-error no such jitter
@Retry({ attempts: 2, jitter: 'some' })
export class RetryWithUnknownJitter {
  execute() {}
}
// @ts-expect-error a cache has a key
@Cache({ ttlMs: 1_000 })
export class CacheWithoutKey {
  execute() {}
}
// @ts-expect-error a cache has an end
@Cache({ key: () => 'a' })
export class CacheWithoutEnd {
  execute() {}
}
// @ts-expect-error tenant, user, or a function
@RateLimit({ permits: 1, by: 'everyone' })
export class RateLimitByEveryone {
  execute() {}
}
// @ts-expect-error a bulkhead has a limit
@Bulkhead({ queue: 1 })
export class BulkheadWithoutLimit {
  execute() {}
}
// @ts-expect-error the option is consecutive
@CircuitBreaker({ failures: 5 })
export class BreakerWithUnknownOption {
  execute() {}
}
// @ts-expect-error a key is text, or nothing
@Idempotent({ key: () => 7 })
export class IdempotentByNumber {
  execute() {}
}

@Fallback({ use: { links: [] as string[] } })
export class FallsBackToData {
  execute() {
    return { links: ['/'] };
  }
}
@Fallback({ use: async () => ({ links: ['/'] }) })
export class FallsBackToWhatIsMade {
  async execute() {
    return StageOutput.ok({ links: ['/'] });
  }
}
@Fallback({ use: () => StageOutput.skip('nothing') })
export class FallsBackToASkip {
  execute() {
    return { links: ['/'] };
  }
}
// @ts-expect-error readers expect links
@Fallback({ use: { pages: 1 } })
export class FallsBackToSomethingElse {
  execute() {
    return { links: ['/'] };
  }
}
// @ts-expect-error readers expect a list of text
@Fallback({ use: () => ({ links: 1 }) })
export class FallsBackToAnotherType {
  execute() {
    return { links: ['/'] };
  }
}
// @ts-expect-error a fallback is data
@Fallback({ use: 7 })
export class FallsBackToANumber {
  execute() {}
}

export class Hooks extends BaseInterceptor {
  override before(ctx: StageContext) {
    return ctx.stage.kind === StageKind.Guard ? StageOutput.skip('closed') : undefined;
  }
  override async after() {}
}
export class WrongHook extends BaseInterceptor {
  // @ts-expect-error a hook gives a StageOutput, or nothing
  override before() {
    return { a: 1 };
  }
}

// @ts-expect-error a store can be claimed from
export const noStore: IdempotencyStore = { complete: async () => {}, release: async () => {} };
