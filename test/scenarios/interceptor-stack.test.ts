import {
  type AnyInterceptor,
  type InlineInterceptor,
  Intercept,
  type Interceptor,
  InterceptorPriority,
  MemorySink,
  type Next,
  Pipeline,
  PipelineModule,
  Retry,
  RetryInterceptor,
  SkipInterceptor,
  Stage,
  type StageContext,
  Stageflow,
  type StageflowOptions,
  type StageOutput,
  Timeout,
} from 'stageflow';
import { describe, expect, it } from 'vitest';

class Audit implements Interceptor {
  intercept(_: StageContext, next: Next) {
    return next();
  }
}
class Gatekeeper implements InlineInterceptor<void> {
  readonly priority = InterceptorPriority.Security;
  before() {}
}
class Counting implements InlineInterceptor<void> {
  readonly priority = InterceptorPriority.Observability;
  after(_: StageContext, __: StageOutput) {}
}

/** The onion of the only stage, outermost first, as `describe` has it. */
async function onionOf(module: new () => object, options: StageflowOptions = {}) {
  await using app = await Stageflow.create(module, options);
  const [pipeline] = app.describe().pipelines;
  return { layers: pipeline?.stages[0]?.interceptors ?? [], page: String(app.describe()) };
}

describe('the onion of a stage', () => {
  @Stage()
  @Timeout({ attemptMs: 100, totalMs: 1_000, heartbeatMs: 50 })
  @Retry({ attempts: 3 })
  @Intercept(Audit)
  class Fetch {
    execute() {
      return { page: 1 };
    }
  }
  @PipelineModule({ stages: [Fetch], interceptors: [Counting] })
  class Crawl {}

  it('is shown by bands, with roles and priorities, as it runs', async () => {
    const { layers, page } = await onionOf(Crawl, { interceptors: [Gatekeeper] });
    expect(layers).toEqual([
      { interceptor: 'Gatekeeper', band: 'security', priority: 100, role: 'security' },
      { interceptor: 'TotalTimeoutInterceptor', band: 'resilience', priority: 195, role: 'ordinary' },
      { interceptor: 'RetryInterceptor', band: 'resilience', priority: 200, role: 'ordinary' },
      { interceptor: 'TimeoutInterceptor', band: 'resilience', priority: 250, role: 'ordinary' },
      { interceptor: 'HeartbeatInterceptor', band: 'resilience', priority: 255, role: 'ordinary' },
      { interceptor: 'PayloadSizeInterceptor', band: 'observability', priority: 300, role: 'ordinary' },
      { interceptor: 'Counting', band: 'observability', priority: 300, role: 'ordinary' },
      { interceptor: 'Audit', band: 'application', priority: 400, role: 'ordinary' },
    ]);
    expect(page).toContain(
      'inside security: Gatekeeper, resilience: TotalTimeoutInterceptor > RetryInterceptor > TimeoutInterceptor > HeartbeatInterceptor, observability: PayloadSizeInterceptor > Counting, application: Audit',
    );
  });

  it('has a default stack, which can be chosen or left out', async () => {
    const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
    const names = async (options: StageflowOptions) =>
      (await onionOf(Crawl, options)).layers
        .map(({ interceptor }) => interceptor)
        .filter((name) => /Payload|Log|Trac|Metrics/.test(name));
    expect(await names({ logger })).toEqual(['LoggingInterceptor', 'PayloadSizeInterceptor']);
    const tracer = { startStage: () => 0, endStage() {} };
    const meter = { stageEnded() {} };
    expect(await names({ logger, defaults: { tracer, meter } })).toEqual([
      'TracingInterceptor',
      'MetricsInterceptor',
      'LoggingInterceptor',
      'PayloadSizeInterceptor',
    ]);
    expect(await names({ logger, defaults: { logging: false, payloadSize: false } })).toEqual([]);
    expect(await names({ logger, defaults: false })).toEqual([]);
  });

  it('of the default stack reports large outputs and fails none', async () => {
    @Stage()
    class Large {
      execute() {
        return { text: 'x'.repeat(300_000) };
      }
    }
    @PipelineModule({ stages: [Large] })
    class Pages {}
    const sink = new MemorySink();
    await using app = await Stageflow.create(Pages, { sinks: [sink] });
    expect((await app.run(Pages)).of(Large).text).toHaveLength(300_000);
    expect(sink.ofType('custom')).toMatchObject([{ name: 'payload.large', stage: 'Large' }]);
  });
});

describe('a stage can do without an interceptor', () => {
  it('of its module or application: classes, and what was made of them with options', async () => {
    @Stage()
    @SkipInterceptor(Audit, RetryInterceptor)
    class Bare {
      execute() {}
    }
    @PipelineModule({ stages: [Bare], interceptors: [Audit, RetryInterceptor.with({ attempts: 2 }), Counting] })
    class Module {}
    expect((await onionOf(Module, { defaults: false })).layers).toMatchObject([{ interceptor: 'Counting' }]);
  });

  it('in the builder, too', async () => {
    const seen: string[] = [];
    class Noting implements InlineInterceptor<void> {
      before({ stage }: StageContext) {
        seen.push(stage.name);
      }
    }
    const pipeline = new Pipeline('p', { interceptors: [Noting] })
      .withStage('a', () => ({}), { skip: [Noting] })
      .withStage('b', () => ({}));
    await pipeline.run();
    expect(seen).toEqual(['b']);
  });

  it('but not without one that is not there, or is there for security: INTERCEPTOR_SKIP_INVALID', async () => {
    @Stage()
    @SkipInterceptor(Audit)
    class Unaware {
      execute() {}
    }
    @PipelineModule({ stages: [Unaware] })
    class Module {}
    await expect(Stageflow.create(Module)).rejects.toMatchObject({ code: 'INTERCEPTOR_SKIP_INVALID' });
    @Stage()
    @SkipInterceptor(Gatekeeper)
    class Bold {
      execute() {}
    }
    @PipelineModule({ stages: [Bold] })
    class Open {}
    const attempt = Stageflow.create(Open, { interceptors: [Gatekeeper] });
    await expect(attempt).rejects.toThrow('skips Gatekeeper, which is there for security');
    const built = new Pipeline('p', { interceptors: [Gatekeeper] }).withStage('a', () => ({}), {
      skip: [Gatekeeper, Audit],
    });
    expect(() => built.build()).toThrow(expect.objectContaining({ code: 'INTERCEPTOR_SKIP_INVALID' }));
  });
});

it('an interceptor of the inline form works wherever one is taken', async () => {
  const order: string[] = [];
  const inline = (name: string): AnyInterceptor => ({ name, before: () => void order.push(name) });
  @Stage()
  @Intercept(inline('stage'))
  class Work {
    execute() {}
  }
  @PipelineModule({ stages: [Work], interceptors: [inline('module')] })
  class Module {}
  await using app = await Stageflow.create(Module, { interceptors: [inline('app')] });
  await app.run(Module);
  expect(order).toEqual(['app', 'module', 'stage']);
});
