import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DependsOn, Injectable, Intercept, PipelineModule, Stage, Tool } from '../../../decorators/index.js';
import { AuthContext } from '../../../src/auth/index.js';
import { BaseInterceptor, RetryInterceptor } from '../../../src/interceptors/index.js';
import { type Next, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { Gate, ManualClock, Test, ToolScript } from '../../../src/testing/index.js';
import { rejection } from '../run/hand-bound.js';

@Injectable()
class Http {
  async get(_url: string): Promise<string> {
    throw new Error('no network');
  }
}
@PipelineModule({ providers: [Http], exports: [Http] })
class HttpModule {
  static with() {
    return { module: HttpModule };
  }
}
class FakeHttp extends Http {
  override async get() {
    return 'fake';
  }
}
@PipelineModule({ providers: [{ provide: Http, useClass: FakeHttp }], exports: [Http] })
class FakeHttpModule {}

@Stage({ timeoutMs: 1_000 })
@Intercept(RetryInterceptor.with({ attempts: 3, delayMs: 10 }))
class Fetch {
  readonly #http: Http;
  constructor(http: Http) {
    this.#http = http;
  }
  async execute() {
    return { html: await this.#http.get('x') };
  }
}
@Tool({ name: 'count', description: 'Counts.', input: z.object({ text: z.string() }), effect: 'read' })
class Count {
  execute({ text }: { text: string }) {
    return { length: text.length };
  }
}
@Stage()
@DependsOn(Fetch)
class Measure {
  async execute(ctx: StageContext<typeof Fetch>) {
    return ctx.tools.call(Count, { text: ctx.inputs.of(Fetch).html });
  }
}
@PipelineModule({ stages: [Fetch, Measure], tools: [Count], imports: [HttpModule] })
class Crawl {}

const offline = () =>
  Test.createPipeline(Crawl)
    .overrideProvider(Http)
    .useValue({ get: async () => 'page' });

describe('an override', () => {
  it('of a stage is a value, a class, a factory, an output or a failure', async () => {
    class Other {
      execute() {
        return { html: 'class' };
      }
    }
    const crawl = () => Test.createPipeline(Crawl).overrideStage(Fetch);
    const html = async (test: ReturnType<typeof offline>) => {
      await using t = await test.compile();
      return (await t.run()).of(Fetch).html;
    };
    expect(await html(crawl().useValue({ execute: () => ({ html: 'value' }) }))).toBe('value');
    expect(await html(crawl().useClass(Other))).toBe('class');
    expect(
      await html(crawl().useFactory(async (http: Http) => ({ execute: () => ({ html: typeof http.get }) }), [Http])),
    ).toBe('function');
    expect(await html(crawl().output({ html: 'output' }))).toBe('output');
    const refused = StageOutput.fail('refused', { retryable: false });
    expect(await rejection(html(crawl().output(refused)))).toMatchObject({ code: 'STAGE_FAILED', stage: 'Fetch' });
    const broken = new TypeError('broken');
    expect(await rejection(html(crawl().fail(broken)))).toMatchObject({ code: 'STAGE_FAILED', cause: broken });
  });

  it('of a tool is called through its contracts', async () => {
    await using t = await offline().overrideTool(Count).output({ length: 7 }).compile();
    expect((await t.run()).of(Measure)).toEqual({ length: 7 });
    await using failing = await offline().overrideTool(Count).fail(new Error('down')).compile();
    expect((await failing.record()).outcome.results.stage(Measure).failure).toMatchObject({ code: 'TOOL_FAILED' });
  });

  it('of an imported module takes its place, also of one made of the class', async () => {
    @PipelineModule({ stages: [Fetch], imports: [HttpModule.with()] })
    class Dynamic {}
    for (const module of [Dynamic, Crawl]) {
      await using t = await Test.createPipeline(module).overrideModule(HttpModule).useModule(FakeHttpModule).compile();
      expect((await t.run()).of(Fetch)).toEqual({ html: 'fake' });
    }
  });

  it('of an interceptor reaches those with options, objects, and those of the application', async () => {
    const seen: string[] = [];
    class Loud extends BaseInterceptor {
      override before(): void {
        seen.push('loud');
      }
    }
    class Global extends Loud {}
    const quiet = {
      intercept(ctx: StageContext, next: Next) {
        seen.push(`quiet ${ctx.stage.name}`);
        return next();
      },
    };
    for (const interceptor of [Global, new Global()]) {
      seen.length = 0;
      await using t = await offline()
        .withOptions({ interceptors: [interceptor] })
        .overrideInterceptor(Global)
        .useValue(quiet)
        .compile();
      await t.run();
      expect(seen).toEqual(['quiet Fetch', 'quiet Measure']);
    }
    await using t = await offline()
      .overrideInterceptor(RetryInterceptor)
      .useValue({ intercept: (_ctx: StageContext, next: Next) => next() })
      .injectFault(Fetch, { fail: new Error('once'), at: 1 })
      .compile();
    expect((await t.record()).outcome.status).toBe('failed');
  });

  it('that replaces nothing is an error, of whatever it is, and all are told at once: DI_UNUSED_OVERRIDE', async () => {
    @Stage()
    class Elsewhere {
      execute() {
        return {};
      }
    }
    const error = await rejection(
      offline()
        .overrideStage(Elsewhere)
        .output({})
        .overrideInterceptor(BaseInterceptor)
        .useValue({ before: () => {} })
        .overrideModule(FakeHttpModule)
        .useModule(HttpModule)
        .injectFault(class Nowhere extends Elsewhere {}, { hang: true })
        .compile(),
    );
    expect(error.problems.map(({ code }: { code: string }) => code)).toEqual(Array(4).fill('DI_UNUSED_OVERRIDE'));
    expect(error.message).toContain('The override of module FakeHttpModule replaces nothing');
  });
});

describe('a mocker', () => {
  class Missing {
    value = 'real';
  }
  @Injectable()
  class Unknown {
    constructor(readonly missing: Missing) {}
  }
  @Stage()
  class Uses {
    constructor(private readonly unknown: Unknown) {}
    execute() {
      return { value: this.unknown.missing.value };
    }
  }
  @PipelineModule({ stages: [Uses], providers: [Unknown] })
  class Mocked {}

  it('makes what nobody provides, once per token, and nothing else', async () => {
    const asked: unknown[] = [];
    await using t = await Test.createPipeline(Mocked)
      .useMocker((wanted) => {
        asked.push(wanted);
        return { value: 'mock' };
      })
      .compile();
    expect((await t.run()).of(Uses)).toEqual({ value: 'mock' });
    expect([asked, t.get(Missing).value]).toEqual([[Missing], 'mock']);
  });

  it('that gives undefined leaves it missing: DI_MISSING_PROVIDER', async () => {
    const error = await rejection(
      Test.createPipeline(Mocked)
        .useMocker(() => undefined)
        .compile(),
    );
    expect(error).toMatchObject({ code: 'DI_MISSING_PROVIDER' });
  });
});

describe('a fault', () => {
  it('fails the calls it names, attempts counted, of a stage that is otherwise itself', async () => {
    const clock = new ManualClock();
    await using t = await offline()
      .withClock(clock)
      .injectFault(Fetch, { fail: new Error('busy'), at: [1, 2] })
      .compile();
    const running = t.record();
    await clock.advance(100);
    expect((await running).outcome.results.stage(Fetch)).toMatchObject({
      status: 'ok',
      attempts: 3,
      data: { html: 'page' },
    });
  });

  it('delays and hangs within the limits of the stage, on the clock of the test', async () => {
    const clock = new ManualClock();
    await using t = await offline()
      .withClock(clock)
      .injectFault(Fetch, { delayMs: 400, at: 1 })
      .injectFault(Fetch, { hang: true, at: 2 })
      .compile();
    const first = t.record();
    await clock.advance(400);
    expect((await first).outcome.results.stage(Fetch)).toMatchObject({ status: 'ok', attempts: 1, durationMs: 400 });
    const second = t.record();
    await clock.advance(1_010);
    expect((await second).outcome.results.stage(Fetch)).toMatchObject({ status: 'ok', attempts: 2 });
  });

  it('strikes tools, and what replaces a stage or a tool', async () => {
    await using t = await offline()
      .overrideStage(Fetch)
      .output({ html: 'out' })
      .injectFault(Fetch, { fail: new Error('stage'), at: 1 })
      .overrideTool(Count)
      .useFactory(() => ({ execute: () => ({ length: 1 }) }))
      .injectFault(Count, { fail: new Error('tool'), at: 1 })
      .withClock(new ManualClock())
      .overrideInterceptor(RetryInterceptor)
      .useValue({ intercept: (_ctx: StageContext, next: Next) => next() })
      .compile();
    const codes = [];
    for (let run = 0; run < 3; run++) codes.push((await t.record()).outcome.results.failures.map(({ stage }) => stage));
    expect(codes).toEqual([['Fetch'], ['Measure'], []]);
  });

  it('holds a stage at a gate: delayUntil', async () => {
    const gate = new Gate();
    await using t = await offline().overrideStage(Fetch).delayUntil(gate).compile();
    const run = t.start();
    await gate.reached;
    expect(t.recorder.ofStage('Measure')).toEqual([]);
    gate.open();
    expect((await run.result).status).toBe('completed');
  });
});

describe('a tool script', () => {
  it('answers one call after the other and checks what it is asked', async () => {
    const script = new ToolScript<{ text: string }, { length: number }>([
      { expect: { text: 'page' }, output: { length: 1 } },
      { run: ({ text }) => ({ length: text.length * 2 }) },
    ]);
    await using t = await offline().overrideTool(Count).script(script).compile();
    expect((await t.run()).of(Measure)).toEqual({ length: 1 });
    expect((await t.run()).of(Measure)).toEqual({ length: 8 });
    script.assertComplete();
    expect(script.calls.map(({ input }) => input)).toEqual([{ text: 'page' }, { text: 'page' }]);
  });

  it('tells of calls it did not foresee and of steps that are left, also when the stage swallowed it: TEST_SCRIPT_MISMATCH', async () => {
    const short = new ToolScript([]);
    await using t = await offline().overrideTool(Count).script(short).compile();
    await t.record();
    expect(() => short.assertComplete()).toThrow('called 1 times, but the script has 0 steps');
    const other = new ToolScript([{ expect: { text: 'other' }, output: 1 }, { output: 2 }]);
    expect(() => other.assertComplete()).toThrow(expect.objectContaining({ code: 'TEST_SCRIPT_MISMATCH' }));
    expect(() => other.execute({ text: 'page' }, { callId: '1' } as never)).toThrow(
      "text: expected 'other', received 'page'",
    );
  });
});

describe('a test that ends', () => {
  it('while a run is under way fails, and leaves nothing behind: TEST_WORK_LEFT', async () => {
    const t = await offline().injectFault(Fetch, { hang: true }).withClock(new ManualClock()).compile();
    const run = t.start();
    await t.recorder.next('stage.started', { stage: 'Fetch' });
    expect(t.workLeft.runs).toEqual([run.id]);
    expect(await rejection(t.close())).toMatchObject({ code: 'TEST_WORK_LEFT', details: { runs: [run.id] } });
    expect((await run.result).status).toBe('cancelled');
  });

  it('does not wait for a stage that never stops, not even where the clock stands still', async () => {
    const t = await offline()
      .overrideStage(Fetch)
      .useValue({ execute: () => new Promise(() => {}) })
      .withClock(new ManualClock())
      .compile();
    t.start();
    expect(await rejection(t.close())).toMatchObject({ code: 'TEST_WORK_LEFT' });
  });

  it('with a timer that nobody cleared fails, whatever the clock: TEST_WORK_LEFT', async () => {
    const t = await offline()
      .overrideStage(Fetch)
      .useValue({
        execute: (ctx: StageContext) => {
          ctx.clock.setTimer(1_000_000, () => {});
          return { html: '' };
        },
      })
      .withClock(new ManualClock())
      .compile();
    await t.run();
    expect(await rejection(t.close())).toMatchObject({ code: 'TEST_WORK_LEFT', details: { timers: 1, runs: [] } });
  });

  it('while an approval is waited for says of which tool', async () => {
    @Tool({ name: 'pay', description: 'Pays.', input: z.object({}), effect: 'irreversible' })
    class Pay {
      execute() {
        return {};
      }
    }
    @Stage({ kind: 'work' })
    class Buy {
      async execute(ctx: StageContext) {
        await ctx.tools.call(Pay, {});
      }
    }
    @PipelineModule({ stages: [Buy], tools: [Pay] })
    class Shop {}
    const asked = new Gate();
    const approvals = { request: (_call: unknown, signal: AbortSignal) => asked.pass(signal) as Promise<never> };
    const t = await Test.createPipeline(Shop)
      .withOptions({ toolServices: { approvals } })
      .withAuth(AuthContext.verified({ userId: 'ann' }))
      .compile();
    const run = t.start();
    await asked.reached;
    expect((await rejection(t.close())).message).toContain(`1 approval request (pay of run ${run.id})`);
  });
});
