import {
  DependsOn,
  Injectable,
  Pipeline,
  PipelineModule,
  PipelineRegistry,
  Stage,
  type StageContext,
  Stageflow,
  StageOutput,
} from 'stageflow';
import { describe, expect, it } from 'vitest';

/** A component that takes a parameter, reads its own stages by name, and keeps a fact in the bag. */
const fetched = (base: string) =>
  new Pipeline('fetched')
    .withStage('fetch', (ctx) => {
      ctx.bag.set('base', base);
      return { url: `${base}/${ctx.snapshot.inputText}` };
    })
    .withStage(
      'parse',
      (ctx) => ({
        title: `${ctx.inputs.from('fetch').url} (${ctx.bag.get('base')}, ${ctx.inputs.status('fetch').status})`,
      }),
      { dependsOn: ['fetch'], when: { stage: 'fetch', is: ({ url }) => url !== '' } },
    );

describe('prefix', () => {
  const both = new Pipeline('both')
    .compose(fetched('eu').prefix('eu'))
    .compose(fetched('us').prefix('us'))
    .withStage('join', ({ inputs }) => ({ titles: [inputs.from('eu.parse').title, inputs.from('us.parse').title] }), {
      dependsOn: ['eu.parse', 'us.parse'],
    });

  it('uses one component twice: each finds its own stages, and its own facts in the bag', async () => {
    const results = await both.run({ inputText: 'x' });
    expect(results.of('join').titles).toEqual(['eu/x (eu, ok)', 'us/x (us, ok)']);
    expect(both.stageNames).toEqual(['eu.fetch', 'eu.parse', 'us.fetch', 'us.parse', 'join']);
    expect([...results.bag]).toEqual([
      ['eu.base', 'eu'],
      ['us.base', 'us'],
    ]);
  });

  it('can be put around a prefix, and what is inside looks outwards for what it does not have itself', async () => {
    const nested = fetched('eu')
      .prefix('inner')
      .compose(new Pipeline('outer').withStage('note', () => ({ note: 'n' })))
      .prefix('outer');
    expect(nested.stageNames).toEqual(['outer.inner.fetch', 'outer.inner.parse', 'outer.note']);
    expect((await nested.run({ inputText: 'x' })).of('outer.inner.parse').title).toBe('eu/x (eu, ok)');
  });

  it('is refused if it is no name', () => {
    for (const prefix of ['', ' ', 'a b', '.a', 'a.']) {
      expect(() => fetched('eu').prefix(prefix)).toThrow(expect.objectContaining({ code: 'GRAPH_OPTION_INVALID' }));
    }
  });

  it('makes two stages of one class out of one; each dependent gets the one beside it', async () => {
    class Load {
      execute(ctx: StageContext) {
        return { by: ctx.stage.name };
      }
    }
    @Stage()
    @DependsOn(Load)
    class Show {
      execute(ctx: StageContext<typeof Load>) {
        return { from: ctx.inputs.of(Load).by };
      }
    }
    const part = new Pipeline('part').withStage('load', Load).withStage('show', Show);
    const results = await new Pipeline('twice').compose(part.prefix('a')).compose(part.prefix('b')).run();
    expect([results.of('a.show'), results.of('b.show')]).toEqual([{ from: 'a.load' }, { from: 'b.load' }]);
    expect(() => results.of(Load)).toThrow(expect.objectContaining({ code: 'INPUT_AMBIGUOUS' }));
  });
});

describe('replace', () => {
  const digest = fetched('web').withStage('tell', ({ inputs }) => ({ text: inputs.from('parse').title.length }), {
    dependsOn: ['parse'],
  });

  it('puts another stage in the place of one, with its dependencies and its condition', async () => {
    const replaced = digest.replace('parse', () => ({ title: 'fixed' }));
    expect((await replaced.run({ inputText: 'x' })).of('tell')).toEqual({ text: 5 });
    expect(replaced.build().graph.stages[1]).toEqual(digest.build().graph.stages[1]);
    expect(digest.build().graph.hash).toBe(replaced.build().graph.hash);
  });

  it('lets the new one say otherwise, and read what it says', async () => {
    const guarded = digest.replace('parse', (ctx) => ({ title: ctx.inputs.from('fetch').url }), {
      dependsOn: ['fetch'],
      timeoutMs: 50,
      priority: 3,
    });
    expect(guarded.build().graph.stages[1]).toMatchObject({ timeoutMs: 50, priority: 3, condition: 'fetch' });
    expect((await guarded.run({ inputText: 'abc' })).of('tell').text).toBe(7);
  });

  it('keeps what was around the stage, so that nothing that protected it is lost', async () => {
    const seen: string[] = [];
    const noted = new Pipeline('noted').withStage('a', () => ({ n: 1 }), {
      interceptors: [
        {
          intercept(ctx, next) {
            seen.push(ctx.stage.name);
            return next();
          },
        },
      ],
    });
    await noted.replace('a', () => ({ n: 2 })).run();
    expect(seen).toEqual(['a']);
  });

  it('of a name that is not there says which one was meant', () => {
    // @ts-expect-error there is no such stage
    const attempt = () => digest.replace('pars', () => ({ title: '' }));
    expect(attempt).toThrow(expect.objectContaining({ code: 'GRAPH_UNKNOWN_STAGE' }));
    expect(attempt).toThrow('Did you mean "parse"?');
  });
});

describe('extend', () => {
  it('adds a component that builds on what is there', async () => {
    const shouted = (base: Pipeline<{ readonly parse: { title: string } }>) =>
      base.withStage('shout', ({ inputs }) => ({ text: inputs.from('parse').title.toUpperCase() }), {
        dependsOn: ['parse'],
      });
    const results = await fetched('web').extend(shouted).run({ inputText: 'x' });
    expect(results.of('shout').text).toBe('WEB/X (WEB, OK)');
    expect(results.of('fetch').url).toBe('web/x');
  });
});

describe('settings of composed pipelines', () => {
  const calm = new Pipeline('calm', { maxConcurrency: 2 }).withStage('a', () => ({}));
  const wild = new Pipeline('wild', { maxConcurrency: 8, failurePolicy: 'continue' }).withStage('b', () => ({}));

  it('come from whichever says something', () => {
    const open = new Pipeline('open').withStage('c', () => ({}));
    const { graph } = open.compose(wild).build();
    expect([graph.maxConcurrency, graph.failurePolicy]).toEqual([8, 'continue']);
  });

  it('are refused if they contradict each other, unless one is meant to win', () => {
    expect(() => calm.compose(wild)).toThrow('Pipeline "calm" has maxConcurrency 2, and pipeline "wild" has 8.');
    const { graph } = calm.compose(wild, { override: true }).build();
    expect([graph.maxConcurrency, graph.failurePolicy]).toEqual([8, 'continue']);
  });
});

describe('modules', () => {
  @Injectable()
  class Region {
    constructor(readonly name = 'nowhere') {}
  }
  @Stage()
  class Fetch {
    constructor(readonly region: Region) {}
    execute() {
      return { from: this.region.name };
    }
  }
  @Stage()
  @DependsOn(Fetch)
  class Parse {
    execute(ctx: StageContext<typeof Fetch>) {
      return { parsed: ctx.inputs.of(Fetch).from };
    }
  }
  @PipelineModule({ name: 'crawl', stages: [Fetch, Parse] })
  class Crawl {}
  const crawl = (region: string) => ({
    module: Crawl,
    prefix: region,
    providers: [{ provide: Region, useValue: new Region(region) }],
  });
  const [eu, us] = [crawl('eu'), crawl('us')];
  @Stage()
  class Join {
    execute(ctx: StageContext) {
      return { stage: ctx.stage.name };
    }
  }
  @PipelineModule({ name: 'world', stages: [Join], imports: [eu, us] })
  class World {}

  it('with a prefix are imported twice by one pipeline, each with providers of its own', async () => {
    await using app = await Stageflow.create(World);
    const results = await app.run(World);
    expect(results.outputs).toEqual({
      Join: { stage: 'Join' },
      'eu.Fetch': { from: 'eu' },
      'eu.Parse': { parsed: 'eu' },
      'us.Fetch': { from: 'us' },
      'us.Parse': { parsed: 'us' },
    });
    expect((await app.run(eu)).of(Parse)).toEqual({ parsed: 'eu' });
  });

  it('with a prefix that is no name are a definition problem', async () => {
    @PipelineModule({ stages: [Join], imports: [{ ...eu, prefix: 'a b' }] })
    class Odd {}
    await expect(Stageflow.create(Odd)).rejects.toThrow('gives Crawl the prefix "a b"');
  });

  it('find each other through the registry, which any constructor may ask for', async () => {
    @Stage()
    class Choose {
      constructor(readonly registry: PipelineRegistry) {}
      async execute(ctx: StageContext) {
        const pipeline = this.registry.get(ctx.snapshot.inputText ?? '');
        return { ran: (await pipeline.run()).outputs, known: this.registry.names };
      }
    }
    @PipelineModule({ name: 'choose', stages: [Choose], imports: [World] })
    class Chooser {}
    await using app = await Stageflow.create(Chooser);
    const asked = app.get(PipelineRegistry);
    expect([asked.get(World).graph.size, asked.get(eu).graph.size, [...asked].length]).toEqual([5, 2, 4]);
    expect(() => asked.get('crawl')).toThrow('2 pipelines are registered as "crawl".');
    expect(() => asked.get('wrld')).toThrow('Did you mean "world"?');
    await asked.get(World).close();
    expect((await asked.get('world').run()).of('eu.Parse')).toEqual({ parsed: 'eu' });
    const { ran, known } = (await app.run(Chooser, { inputText: 'world' })).of(Choose);
    expect(Object.keys(ran)).toContain('us.Parse');
    expect(known).toEqual(['crawl', 'world', 'choose']);
  });
});

it('a skipped stage of a component is known to its neighbours by the name inside', async () => {
  const part = new Pipeline('part')
    .withStage('ask', () => StageOutput.skip('nothing to do'))
    .withStage('tell', ({ inputs }) => ({ why: inputs.status('ask').reason }), { dependsOn: ['ask'] });
  expect((await new Pipeline('all').compose(part.prefix('p')).run()).of('p.tell')).toEqual({ why: 'nothing to do' });
});
