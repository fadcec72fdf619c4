import { describe, expect, it } from 'vitest';
import {
  Bulkhead,
  Cache,
  CircuitBreaker,
  Fallback,
  Idempotent,
  Intercept,
  PipelineModule,
  RateLimit,
  Retry,
  Stage,
  Timeout,
} from '../../../decorators/index.js';
import { Stageflow } from '../../../src/container/index.js';
import {
  CacheInterceptor,
  CircuitBreakerInterceptor,
  FallbackInterceptor,
  interceptorName,
  RetryInterceptor,
  TimeoutInterceptor,
} from '../../../src/interceptors/index.js';
import { readMetadata } from '../../../src/metadata/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { type InterceptorLike, StageKind } from '../../../src/stage/index.js';
import { Test } from '../../../src/testing/index.js';
import { problemOf, untyped } from './problems-of.js';

const listed = (target: Function) => readMetadata('intercept', target)?.interceptors ?? [];
const nameOf = (like: InterceptorLike) => (typeof like === 'function' ? like.name : interceptorName(like));

describe('short forms of @Intercept', () => {
  it('stand together on a class, the upper further out, with @Intercept in any place', () => {
    @Timeout(2_000)
    @Retry({ attempts: 3 })
    @Intercept(FallbackInterceptor.with({ use: {} }))
    @Idempotent()
    @CircuitBreaker()
    @RateLimit({ permits: 1 })
    @Bulkhead({ limit: 1 })
    @Cache({ key: () => 'a', ttlMs: 1 })
    class Fetch {
      execute() {}
    }
    expect(listed(Fetch).map(nameOf)).toEqual([
      'TimeoutInterceptor',
      'RetryInterceptor',
      'FallbackInterceptor',
      'IdempotencyInterceptor',
      'CircuitBreakerInterceptor',
      'RateLimitInterceptor',
      'BulkheadInterceptor',
      'CacheInterceptor',
    ]);
  });

  it('add to those of the parent and leave them alone', () => {
    @Retry({ attempts: 3 })
    class Parent {
      execute() {}
    }
    @Timeout(5)
    @Intercept(RetryInterceptor)
    class Child extends Parent {}
    expect(listed(Child).map(nameOf)).toEqual(['RetryInterceptor', 'TimeoutInterceptor', 'RetryInterceptor']);
    expect(listed(Parent)[0]).toBeInstanceOf(RetryInterceptor);
    expect(listed(Parent)).toHaveLength(1);
    expect(listed(Child)[1]).toBeInstanceOf(TimeoutInterceptor);
  });

  it('stand on a class once', () => {
    @Retry({ attempts: 3 })
    @Intercept(RetryInterceptor)
    class Fetch {
      execute() {}
    }
    for (const [decorator, again] of [
      ['@Retry', Retry({ attempts: 2 })],
      ['@Intercept', Intercept(TimeoutInterceptor)],
    ] as const) {
      const { message } = problemOf('METADATA_OPTION_INVALID', () => again(Fetch));
      expect(message).toContain(`${decorator} on "Fetch" is applied twice`);
    }
  });

  it('refuse what they stand on and what they cannot use, and name the class', () => {
    class Fetch {
      execute() {}
    }
    const wrong = [
      ['@Timeout', () => Timeout(-1)(Fetch)],
      ['@Retry', () => Retry({ attempts: 0 })(Fetch)],
      ['@Idempotent', () => Idempotent({ ttlMs: 0 })(Fetch)],
      ['@CircuitBreaker', () => CircuitBreaker({ consecutive: 0 })(Fetch)],
      ['@RateLimit', () => RateLimit({ permits: 0 })(Fetch)],
      ['@Bulkhead', () => Bulkhead({ limit: 0 })(Fetch)],
      ['@Cache', () => Cache({ key: () => 'a', ttlMs: 0 })(Fetch)],
      ['@Fallback', () => Fallback({ use: untyped(7) })(untyped(Fetch))],
    ] as const;
    for (const [decorator, decorate] of wrong) {
      const { message } = problemOf('METADATA_OPTION_INVALID', decorate);
      expect(message).toContain(`${decorator} on "Fetch" cannot be used: `);
    }
    expect(listed(Fetch)).toEqual([]);
    const { message } = problemOf('METADATA_OPTION_INVALID', () => Timeout(1)(untyped({})));
    expect(message).toContain('does not stand on a class');
  });
});

describe('in an application', () => {
  let calls = 0;

  @Stage({ kind: StageKind.Work })
  @Retry({ attempts: 2, delayMs: 0 })
  @CircuitBreaker({ consecutive: 1 })
  class Charge {
    execute() {
      calls++;
      throw Object.assign(new Error('down'), { status: 503 });
    }
  }

  @PipelineModule({ stages: [Charge] })
  class Payments {}

  const codeAfter = async (app: Stageflow) => (await app.start(Payments).result).results.stage('Charge').failure?.code;

  it('what a breaker remembers is of that application, and outlives its runs (085)', async () => {
    await using one = await Stageflow.create(Payments);
    await using other = await Stageflow.create(Payments);
    expect(await codeAfter(one)).toBe('STAGE_FAILED');
    expect(await codeAfter(one)).toBe('CIRCUIT_OPEN');
    expect(await codeAfter(other)).toBe('STAGE_FAILED');
    expect(calls).toBe(2);
  });

  it('the plan tells them by their names', async () => {
    await using app = await Stageflow.create(Payments);
    expect(JSON.stringify(app.describe())).toContain('CircuitBreakerInterceptor');
  });

  it('a class that `with` gives serves every stage that lists it, in a builder too', async () => {
    const Shared = CircuitBreakerInterceptor.with({ consecutive: 1, key: 'payments' });
    const down = () => {
      throw new Error('down');
    };
    const pipeline = new Pipeline('p', { failurePolicy: 'continue' })
      .withStage('charge', down, { interceptors: [Shared] })
      .withStage('refund', down, { interceptors: [Shared], dependsOn: [{ stage: 'charge', optional: true }] })
      .build();
    const { results } = await pipeline.start().result;
    expect(results.failures.map(({ failure }) => failure?.code)).toEqual(['STAGE_FAILED', 'CIRCUIT_OPEN']);
  });

  it('works in the test of a single stage', async () => {
    @Stage()
    @Cache({ key: () => 'a', ttlMs: 1_000 })
    @Intercept(CacheInterceptor.with({ key: () => 'b', ttlMs: 1 }))
    class Fetch {
      execute() {
        return { a: 1 };
      }
    }
    expect(await Test.createStage(Fetch).run()).toMatchObject({ status: 'ok', data: { a: 1 } });
  });
});
