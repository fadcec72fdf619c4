import {
  AuthContext,
  defineTool,
  Injectable,
  type InlineInterceptor,
  Intercept,
  type Interceptor,
  InterceptorPriority,
  InterceptorRole,
  MemorySink,
  type Next,
  Pipeline,
  PipelineModule,
  RetryInterceptor,
  Stage,
  type StageContext,
  Stageflow,
  StageOutput,
  TimeoutInterceptor,
  Tool,
  type ToolEffect,
} from 'stageflow';
import { ManualClock, settle } from 'stageflow/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const input = z.object({ n: z.number() });

/** A pipeline of one stage that makes one call, and what came of it. */
async function callOf(options: {
  effect?: ToolEffect;
  execute?: (calls: number, ctx: { signal: AbortSignal }) => unknown;
  interceptors?: readonly (Interceptor | InlineInterceptor)[];
  around?: readonly (Interceptor | InlineInterceptor)[];
  clock?: ManualClock;
}) {
  const {
    effect = 'read',
    execute = () => 'done',
    interceptors = [],
    around = [],
    clock = new ManualClock(),
  } = options;
  let calls = 0;
  const tool = defineTool({
    name: 'work',
    description: 'Works.',
    input,
    effect: effect as 'read',
    approval: 'never',
    interceptors,
    execute: (_: unknown, ctx: { signal: AbortSignal }) => execute(++calls, ctx),
  } as never);
  const sink = new MemorySink();
  const pipeline = new Pipeline('p', { interceptors: around })
    .withTools(tool)
    .withStage('s', (ctx) => ctx.tools.invoke({ id: 'c', name: 'work', arguments: { n: 1 } }));
  const run = pipeline.build({ sinks: [sink], clock }).start();
  for (let turns = 0; turns < 5; turns++) await clock.advance(1_000);
  const { results } = await run.result;
  return { outcome: results.of('s'), calls, sink };
}

const seenBy = (seen: string[]) => ({
  before: ({ tool, stage }: StageContext) => {
    seen.push(tool === null ? `stage ${stage.name}` : `tool ${tool.name}`);
  },
});

describe('interceptors around tool calls', () => {
  it('are those of the tool, and those around the stage that ask for tools', async () => {
    const seen: string[] = [];
    await callOf({
      interceptors: [seenBy(seen)],
      around: [{ ...seenBy(seen), appliesToTool: ({ name }) => name === 'work' }, seenBy(seen)],
    });
    expect(seen).toEqual(['stage s', 'stage s', 'tool work', 'tool work']);
  });

  it('see the output in data.output, and may give another', async () => {
    const doubles: Interceptor = {
      async intercept(_, next) {
        const { data } = await next();
        const { output } = data as { output: string };
        return StageOutput.ok({ output: `${output} ${output}` });
      },
    };
    expect((await callOf({ interceptors: [doubles] })).outcome.output).toBe('done done');
  });

  it('try again what may be, with the attempts reported, and never what is irreversible', async () => {
    const fails = () => {
      throw Object.assign(new Error('busy'), { status: 503 });
    };
    const retry = RetryInterceptor.with({ attempts: 3, delayMs: 10, idempotent: true });
    const read = await callOf({ execute: fails, interceptors: [retry] });
    expect([read.calls, read.outcome.status]).toEqual([3, 'failed']);
    expect(read.sink.ofType('tool.retry_scheduled')).toMatchObject([
      { tool: 'work', callId: 'c', attempt: 1, delayMs: 10, error: { category: 'transient' } },
      { attempt: 2 },
    ]);
    expect(read.sink.ofType('tool.retry_exhausted')).toHaveLength(1);
    const once = await callOf({ execute: fails, interceptors: [retry], effect: 'irreversible' });
    expect([once.calls, once.outcome.status]).toEqual([1, 'failed']);
  });

  it('limit a call, whose handler is told', async () => {
    let told = false;
    const { outcome } = await callOf({
      interceptors: [TimeoutInterceptor.with({ limitMs: 500 })],
      execute: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            told = true;
            reject(signal.reason as Error);
          });
        }),
    });
    expect([outcome.status, told]).toEqual(['failed', true]);
  });

  it('that fail are named; observers change nothing', async () => {
    function boom(): never {
      throw new Error('down');
    }
    const failed = await callOf({ interceptors: [{ name: 'Telemetry', before: boom }] });
    expect(failed.outcome.error?.message).toContain('Interceptor "Telemetry" threw while it ran around tool "work"');
    expect(failed.calls).toBe(0);
    const observed = await callOf({
      interceptors: [{ name: 'Telemetry', before: boom, role: InterceptorRole.Observer }],
    });
    expect(observed.outcome).toMatchObject({ status: 'completed', output: 'done' });
  });
});

describe('guards of tools', () => {
  const guard = (before: () => unknown): InlineInterceptor => ({
    name: 'Guard',
    priority: InterceptorPriority.Security,
    before,
  });
  const recovering: Interceptor = {
    priority: 1,
    role: InterceptorRole.Ordinary,
    intercept: async (_, next) => {
      await next();
      return StageOutput.ok({ output: 'let through' });
    },
  };

  it.each([
    ['refuses', () => StageOutput.fail('not today')],
    [
      'fails',
      () => {
        throw new Error('guard down');
      },
    ],
  ])('that %s denies the call, whatever stands further out, and the handler is not called', async (_, before) => {
    const { outcome, calls, sink } = await callOf({ interceptors: [recovering, guard(before)] });
    expect([outcome.status, calls]).toEqual(['denied', 0]);
    expect(sink.ofType('tool.denied')).toMatchObject([{ reason: 'guard' }]);
  });

  it('that does not answer in time denies the call', async () => {
    const stuck: Interceptor = {
      name: 'Guard',
      priority: InterceptorPriority.Security,
      intercept: (ctx, next) => ctx.withTimeout(100, (limited) => limited.sleep(60_000)).then(() => next()),
    };
    const { outcome, calls } = await callOf({ interceptors: [stuck] });
    expect([outcome.status, calls]).toEqual(['denied', 0]);
  });

  it('that lets through leaves the rest to the call', async () => {
    const { outcome } = await callOf({ interceptors: [guard(() => undefined)] });
    expect(outcome.status).toBe('completed');
  });
});

it('in an application they are built with their services, and know the caller of the run', async () => {
  @Injectable()
  class Budget {
    readonly spent: string[] = [];
  }
  @Injectable()
  class Spending implements Interceptor {
    constructor(private readonly budget: Budget) {}
    appliesToTool({ effect }: { effect: string }) {
      return effect !== 'read';
    }
    appliesTo() {
      return false;
    }
    intercept(ctx: StageContext, next: Next) {
      this.budget.spent.push(`${ctx.auth.userId} ${ctx.tool?.name}`);
      return next();
    }
  }
  const notes: string[] = [];
  @Tool({ name: 'buy', description: 'Buys.', input, effect: 'idempotent' })
  @Intercept({ before: ({ tool }) => void notes.push(tool?.name ?? 'stage') })
  class Buy {
    execute({ n }: { n: number }) {
      return { bought: n };
    }
  }
  @Stage()
  class Shop {
    execute(ctx: StageContext) {
      return ctx.tools.call(Buy, { n: 2, userId: 'eve' } as never) as Promise<{ bought: number }>;
    }
  }
  @PipelineModule({ stages: [Shop], tools: [Buy], interceptors: [Spending], providers: [Budget] })
  class Shopping {}
  await using app = await Stageflow.create(Shopping, { trustedCallers: true });
  const results = await app.run(Shopping, { auth: AuthContext.verified({ userId: 'ann' }) });
  expect(results.of(Shop)).toEqual({ bought: 2 });
  expect([app.get(Budget).spent, notes]).toEqual([['ann buy'], ['buy']]);
  await settle();
});
