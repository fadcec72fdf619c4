import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsDate, IsInt, IsOptional, IsString, MinLength, ValidateNested } from 'class-validator';
import {
  Contract,
  ContractViolationError,
  contract,
  DefinitionError,
  DependsOn,
  expecting,
  type OptionalDependency,
  optional,
  Pipeline,
  PipelineModule,
  RetryInterceptor,
  Stage,
  type StageContext,
  StageFailedError,
  Stageflow,
  StageOutput,
} from 'stageflow';
import { Gate, Test } from 'stageflow/testing';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

class Author {
  @IsString() name!: string;
}

@Contract('page/v2')
class Page {
  @IsString() @MinLength(1) title!: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => Author) authors!: Author[];
  @IsOptional() @IsDate() at?: Date;

  line(): string {
    return `${this.title} by ${this.authors.map(({ name }) => name).join(', ')}`;
  }
}

/** What the run of one builder stage gives. */
async function failureOf(run: Promise<unknown>): Promise<StageFailedError> {
  const error = await run.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StageFailedError);
  return error as StageFailedError;
}

describe('an output contract', () => {
  it('hands on what the contract makes of the output, to dependents and results (140)', async () => {
    @Stage({ output: Page })
    class Fetch {
      execute() {
        return { title: 'Tea', authors: [{ name: 'Ada' }], extra: 'not in the contract' };
      }
    }
    @Stage()
    @DependsOn(Fetch)
    class Describe {
      execute(ctx: StageContext<typeof Fetch>) {
        const page = ctx.inputs.of(Fetch) as unknown as Page;
        return { line: page.line(), isPage: page instanceof Page, keys: Object.keys(page) };
      }
    }
    @PipelineModule({ stages: [Fetch, Describe] })
    class Books {}
    await using app = await Stageflow.create(Books);
    const results = await app.run(Books);
    expect(results.of(Describe)).toEqual({ line: 'Tea by Ada', isPage: true, keys: ['title', 'authors'] });
    expect(results.stage(Fetch).contract).toBe('page/v2');
    expect(results.stage(Describe).contract).toBeNull();
    expect(Object.isFrozen(results.of(Fetch).authors[0])).toBe(true);
  });

  it('fails its stage before anybody reads it, with every path, and never the value: CONTRACT_VIOLATED (140)', async () => {
    let read = false;
    const pipeline = new Pipeline('p')
      .withStage(
        'fetch',
        () => ({ title: 7, authors: [{ name: 'Ada' }, { name: 'hunter2' as unknown }, {}] }) as never,
        {
          output: Page,
        },
      )
      .withStage(
        'read',
        () => {
          read = true;
        },
        { dependsOn: ['fetch'] },
      );
    const { cause } = await failureOf(pipeline.run());
    expect(cause).toBeInstanceOf(ContractViolationError);
    expect(cause).toMatchObject({ code: 'CONTRACT_VIOLATED', contract: 'page/v2' });
    expect((cause as ContractViolationError).issues.map(({ path }) => path)).toEqual([
      'title',
      'title',
      'authors[2].name',
    ]);
    expect(String(cause)).toContain('stage "fetch"');
    expect(JSON.stringify(cause)).not.toContain('hunter2');
    expect(read).toBe(false);
  });

  it('is kept by zod, valibot and a schema with asynchronous rules alike', async () => {
    const isKnown = z.object({ id: z.string().refine(async (id) => id === 'known', 'is not known') });
    for (const [schema, id] of [
      [z.object({ id: z.string() }), 7],
      [v.object({ id: v.string() }), 7],
      [isKnown, 'unknown'],
    ] as const) {
      const stage = (value: unknown) =>
        new Pipeline('p').withStage('s', () => ({ id: value }) as never, { output: schema });
      expect((await failureOf(stage(id).run())).cause).toMatchObject({ code: 'CONTRACT_VIOLATED' });
      expect((await stage('known').run()).of('s')).toEqual({ id: 'known' });
    }
  });

  it('gives defaults, and is what dependents of a builder stage are typed by', async () => {
    const dated = contract(
      'event/v1',
      z.object({ at: z.string().transform((text) => new Date(text)), n: z.number().default(1) }),
    );
    const results = await new Pipeline('p')
      .withStage('event', () => ({ at: '2026-01-02T00:00:00Z' }), { output: dated })
      .withStage(
        'year',
        (ctx) => ({ year: ctx.inputs.from('event').at.getUTCFullYear() + ctx.inputs.from('event').n }),
        {
          dependsOn: ['event'],
        },
      )
      .run();
    expect(results.of('year')).toEqual({ year: 2027 });
    expect(() => results.of('event').at.setFullYear(1)).toThrow(/PAYLOAD_READ_ONLY/);
  });

  it('does not look at what was skipped or failed', async () => {
    const results = await new Pipeline('p')
      .withStage('s', () => StageOutput.skip('nothing') as StageOutput<{ title: string }>, {
        output: z.object({ title: z.string() }),
      })
      .run();
    expect(results.stage('s')).toMatchObject({ status: 'skip', reason: 'nothing' });
  });

  it('counts for what an interceptor puts in place of the output, and can be retried', async () => {
    const schema = z.object({ n: z.number() });
    const replaced = new Pipeline('p', {
      interceptors: [
        {
          name: 'Replacing',
          intercept: async (_, next) => {
            await next();
            return StageOutput.ok({ n: 'no number' });
          },
        },
      ],
    }).withStage('s', () => ({ n: 1 }), { output: schema });
    expect((await failureOf(replaced.run())).cause).toMatchObject({ code: 'CONTRACT_VIOLATED' });

    let attempts = 0;
    const retried = new Pipeline('p', {
      interceptors: [RetryInterceptor.with({ attempts: 3, delayMs: 0, retryIf: () => true })],
    }).withStage('s', () => ({ n: ++attempts < 3 ? ('not yet' as never) : attempts }), { output: schema });
    expect((await retried.run()).of('s')).toEqual({ n: 3 });
  });

  it('transforms once, also when an interceptor hands the output on', async () => {
    const doubled = z.object({ n: z.number().transform((n) => n * 2) });
    const passing = { name: 'Passing', intercept: (_: StageContext, next: () => Promise<StageOutput>) => next() };
    const results = await new Pipeline('p', { interceptors: [passing, passing] })
      .withStage('s', () => ({ n: 1 }), { output: doubled })
      .run();
    expect(results.of('s')).toEqual({ n: 2 });
  });

  it('lets a stage return an instance of its DTO', async () => {
    const page = Object.assign(new Page(), { title: 'Tea', authors: [] });
    const results = await new Pipeline('p').withStage('s', () => page, { output: Page }).run();
    expect(results.of('s')).toBe(page);
    expect(Object.isFrozen(page)).toBe(true);
  });

  it('is inherited by an annotated subclass, which may replace it', async () => {
    @Stage({ output: Page })
    class Fetch {
      execute(): { title: string; authors: Author[] } {
        return { title: '', authors: [] };
      }
    }
    @Stage()
    class FetchAgain extends Fetch {}
    @Stage({ output: z.object({ title: z.string() }) })
    class FetchAnything extends Fetch {}
    expect(await Test.createStage(FetchAgain).run()).toMatchObject({ status: 'fail' });
    expect(await Test.createStage(FetchAnything).run()).toMatchObject({ status: 'ok' });
  });
});

describe('what a stage expects', () => {
  class Titled {
    @IsString() @MinLength(3) title!: string;
  }
  @Stage()
  class Fetch {
    execute(ctx: StageContext): { title: string } {
      if (ctx.snapshot.inputText === null) throw new Error('no page');
      return { title: ctx.snapshot.inputText };
    }
  }
  let called = 0;
  @Stage()
  @DependsOn(expecting(optional(Fetch), Titled))
  class Read {
    execute(ctx: StageContext<OptionalDependency<typeof Fetch>>) {
      called++;
      return { title: ctx.inputs.of(Fetch)?.title ?? 'none' };
    }
  }
  @PipelineModule({ stages: [Fetch, Read] })
  class Reading {}

  it('fails it before it is called, naming both (062, 143)', async () => {
    await using app = await Stageflow.create(Reading);
    called = 0;
    const { cause } = await failureOf(app.run(Reading, { inputText: 'ab' }));
    expect(cause).toMatchObject({ code: 'CONTRACT_VIOLATED' });
    expect(String(cause)).toMatch(
      /output of stage "Fetch", which stage "Read" reads, does not keep contract Titled: title/,
    );
    expect(called).toBe(0);
    expect((await app.run(Reading, { inputText: 'Tea' })).of(Read)).toEqual({ title: 'Tea' });
  });

  it('of an optional dependency without output is nothing', async () => {
    await using app = await Stageflow.create(Reading);
    expect((await app.run(Reading)).of(Read)).toEqual({ title: 'none' });
  });

  it('of the input of the run fails it as well', async () => {
    class Request {
      @IsInt() depth!: number;
    }
    const pipeline = new Pipeline('p').withStage('s', (ctx) => ({ ...(ctx.snapshot.input as object) }), {
      input: Request,
    });
    expect((await pipeline.run({ input: { depth: 2 } })).of('s')).toEqual({ depth: 2 });
    const { cause } = await failureOf(pipeline.run({ input: { depth: 'deep' } }));
    expect(String(cause)).toContain('The input of the run, which stage "s" reads,');
  });

  it('and its producer does not promise, is refused when the pipeline is built: CONTRACT_MISMATCH (143)', () => {
    const pipeline = new Pipeline('p')
      .withStage('fetch', () => ({ title: 'Tea' as string | undefined }), {
        output: z.object({ title: z.string().optional() }),
      })
      .withStage('read', () => ({}), { dependsOn: ['fetch'], expects: { fetch: z.object({ title: z.string() }) } })
      .withStage('count', () => ({}), { dependsOn: ['fetch'], expects: { fetch: z.object({ size: z.number() }) } });
    let error: unknown;
    try {
      pipeline.build();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(DefinitionError);
    const { problems } = error as DefinitionError;
    expect(problems.map(({ code }) => code)).toEqual(['CONTRACT_MISMATCH', 'CONTRACT_MISMATCH']);
    expect(problems[0]?.message).toMatch(
      /Stage "read" of pipeline "p" expects .* of stage "fetch", which promises .*title/,
    );
  });

  it('and its producer promises under the same contract, is not looked at twice', async () => {
    let checks = 0;
    const counted = z.object({ n: z.number().refine(() => ++checks > 0) });
    await new Pipeline('p')
      .withStage('a', () => ({ n: 1 }), { output: counted })
      .withStage('b', () => ({}), { dependsOn: ['a'], expects: { a: counted } })
      .run();
    expect(checks).toBe(1);
  });

  it('is reported with everything else that is wrong, when its contract has no rules', () => {
    class Empty {}
    @Stage({ output: Empty })
    class Lonely {
      execute() {
        return {};
      }
    }
    const pipeline = new Pipeline('p')
      .withStage('a', Lonely)
      .withStage('b', () => ({}), { dependsOn: ['gone' as never] });
    let codes: readonly string[] = [];
    try {
      pipeline.build();
    } catch (error) {
      codes = (error as DefinitionError).problems.map(({ code }) => code);
    }
    expect(codes).toEqual(['CONTRACT_UNCHECKABLE', 'GRAPH_MISSING_DEPENDENCY']);
  });

  it('a cancelled run does not call a stage whose expectations are still looked at', async () => {
    const gate = new Gate();
    let ran = false;
    const slow = z.object({}).refine(async () => {
      await gate.pass();
      return true;
    });
    const run = new Pipeline('p')
      .withStage(
        's',
        () => {
          ran = true;
        },
        { input: slow },
      )
      .start({ input: {} });
    await new Promise((resolve) => setImmediate(resolve));
    run.cancel('enough');
    gate.open();
    expect((await run.result).status).toBe('cancelled');
    expect(ran).toBe(false);
  });
});
