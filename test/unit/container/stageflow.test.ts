import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DependsOn, Injectable, PipelineModule, Stage, Tool } from '../../../decorators/index.js';
import { MemorySink } from '../../../src/events/index.js';
import { type DynamicModule, readOwnMetadata, writeMetadata } from '../../../src/metadata/index.js';
import type { RunInstances } from '../../../src/run/index.js';
import { type StageContext, StageKind } from '../../../src/stage/index.js';
import { codesOf, create, failureOf, gate, problemsOf, settle, thrownBy } from './fixtures.js';

@Stage({ kind: StageKind.Enrich })
class Fetch {
  execute(ctx: StageContext) {
    return { text: ctx.snapshot.inputText ?? '' };
  }
}
@Stage({ timeoutMs: 2_000, priority: 3 })
@DependsOn(Fetch)
class Shout {
  execute(ctx: StageContext<typeof Fetch>) {
    return { text: ctx.inputs.of(Fetch).text.toUpperCase() };
  }
}
@Tool({ name: 'search', description: 'Finds things.', input: z.object({}), effect: 'read' })
class SearchTool {
  execute() {}
}
@PipelineModule({ name: 'fetching', stages: [Fetch], exports: [Fetch] })
class FetchModule {}
@PipelineModule({
  name: 'shouting',
  stages: [Shout],
  tools: [SearchTool],
  imports: [FetchModule],
  maxConcurrency: 2,
  failurePolicy: 'continue',
  providers: [{ provide: 'volume', useValue: 11 }],
})
class ShoutModule {}

describe('an application', () => {
  it('runs every module with stages as a pipeline, with the stages of its imports', async () => {
    const sink = new MemorySink();
    await using app = await create(ShoutModule, { sinks: [sink] });
    const results = await app.run(ShoutModule, { inputText: 'ada' });
    expect(results.of(Shout).text).toBe('ADA');
    expect((await app.run(FetchModule, { inputText: 'x' })).of(Fetch)).toEqual({ text: 'x' });
    expect(sink.ofType('pipeline.completed').map((event) => event.pipeline)).toEqual(['shouting', 'fetching']);
    expect(app.pipeline(ShoutModule).graph.stages.map((stage) => stage.name)).toEqual(['Shout', 'Fetch']);
  });

  it('starts runs to watch', async () => {
    await using app = await create(ShoutModule);
    const outcome = await app.start(ShoutModule, { inputText: 'ada' }).result;
    expect(outcome).toMatchObject({ status: 'completed' });
  });

  it('knows which modules are pipelines', async () => {
    @PipelineModule({ imports: [ShoutModule] })
    class Root {}
    await using app = await create(Root);
    expect(thrownBy(() => app.pipeline(Root))).toMatchObject({
      code: 'REGISTRY_UNKNOWN',
      details: { module: 'Root', known: ['FetchModule', 'ShoutModule'] },
    });
    expect(await failureOf(app.run(Root))).toMatchObject({ code: 'REGISTRY_UNKNOWN' });
  });

  it('runs dynamic modules by their object, or by their class if there is one', async () => {
    const one: DynamicModule = { module: FetchModule };
    const two: DynamicModule = { module: FetchModule };
    @PipelineModule({ imports: [one] })
    class Single {}
    await using single = await create(Single);
    expect(single.pipeline(FetchModule)).toBe(single.pipeline(one));
    await using both = await create({ module: Single, imports: [two] });
    expect(both.pipeline(two)).not.toBe(both.pipeline(one));
    expect(thrownBy(() => both.pipeline(FetchModule))).toMatchObject({
      code: 'REGISTRY_UNKNOWN',
      fix: 'Pass the dynamic module object that you imported.',
    });
  });

  it('reports what is wrong with graphs beside what is wrong with providers, each thing once', async () => {
    @Stage()
    @DependsOn(Shout)
    class Orphan {
      execute() {}
    }
    @PipelineModule({ name: 'part', stages: [Orphan] })
    class Part {}
    @PipelineModule({ name: 'whole', imports: [Part], stages: [Fetch], providers: [{ provide: 'x' } as never] })
    class Whole {}
    const problems = await problemsOf(Whole);
    expect(problems.map(({ code, details }) => [code, details.pipeline])).toEqual([
      ['DI_INVALID_PROVIDER', undefined],
      ['GRAPH_MISSING_DEPENDENCY', 'part'],
    ]);
  });

  it('refuses stages that are none, or are listed twice', async () => {
    class Plain {
      execute() {}
    }
    @PipelineModule({ stages: [Plain, Fetch, Fetch] })
    class Root {}
    expect(await codesOf(Root)).toEqual(['DI_DUPLICATE_PROVIDER', 'METADATA_NOT_A_STAGE']);
    class Holey {}
    const definition = readOwnMetadata('module', FetchModule);
    const hole = undefined as never;
    writeMetadata('module', Holey, {
      ...definition!,
      stages: [hole],
      tools: [hole],
      interceptors: [hole],
      exports: [],
    });
    expect((await problemsOf(Holey)).map(({ code, message }) => `${code} ${message}`)).toEqual([
      'DI_INVALID_PROVIDER stages[0] of Holey is undefined, which is not a class.',
      'DI_INVALID_PROVIDER tools[0] of Holey is undefined, which is not a class.',
      'DI_INVALID_PROVIDER interceptors[0] of Holey is undefined, which is not a class.',
    ]);
  });

  it('refuses options it cannot use before anything is built', async () => {
    let built = false;
    const build = () => {
      built = true;
    };
    @PipelineModule({ providers: [{ provide: 'x', useFactory: build }] })
    class Root {}
    await expect(create(Root, { graceMs: -1 })).rejects.toMatchObject({ code: 'RUN_INPUT_INVALID' });
    expect(built).toBe(false);
  });

  it('opens and closes a run without a promise where nothing has to be awaited', async () => {
    @Injectable({ scope: 'run' })
    @Stage()
    class Fresh {
      execute() {}
    }
    @PipelineModule({ stages: [Fresh] })
    class Root {}
    await using app = await create(Root);
    const instances = app.pipeline(Root).openRun?.({} as never) as RunInstances;
    expect(instances.stage(0)).toBeInstanceOf(Fresh);
    expect(instances.close()).toBeUndefined();
    expect(app.pipeline(Root).stages[0]?.instance).toBeNull();
  });

  it('lets providers say how a stage is made', async () => {
    @PipelineModule({
      stages: [Fetch],
      providers: [{ provide: Fetch, useFactory: () => ({ execute: () => ({ text: 'made' }) }) }],
    })
    class Root {}
    await using app = await create(Root);
    expect((await app.run(Root)).of(Fetch)).toEqual({ text: 'made' });
  });
});

describe('closing', () => {
  it('waits for what runs, then disposes, and accepts nothing more', async () => {
    const log: string[] = [];
    const entered = gate();
    const leave = gate();
    @Injectable()
    class Pool {
      [Symbol.dispose]() {
        log.push('disposed');
      }
    }
    @Stage()
    class Slow {
      constructor(readonly pool: Pool) {}
      async execute() {
        entered.open();
        await leave.opened;
        log.push('stage ends');
      }
    }
    @PipelineModule({ stages: [Slow], providers: [Pool] })
    class Pipeline {}
    const app = await create(Pipeline);
    const run = app.run(Pipeline);
    await entered.opened;
    const closing = app.close();
    await settle();
    expect(log).toEqual([]);
    expect(await failureOf(app.run(Pipeline))).toMatchObject({ code: 'APP_CLOSED' });
    expect(thrownBy(() => app.start(Pipeline)).code).toBe('APP_CLOSED');
    expect(thrownBy(() => app.get(Pool)).code).toBe('APP_CLOSED');
    leave.open();
    await Promise.all([run, closing]);
    expect(log).toEqual(['stage ends', 'disposed']);
  });
});

describe('the description', () => {
  it('is plain data with everything the plan holds', async () => {
    await using app = await create(ShoutModule);
    const description = app.describe();
    expect(JSON.parse(JSON.stringify(description))).toEqual({
      application: 'ShoutModule',
      fromParent: [],
      modules: [
        {
          module: 'ShoutModule',
          imports: ['FetchModule'],
          exports: [],
          tools: ['SearchTool'],
          providers: [
            { token: 'volume', role: 'provider', form: 'value', scope: 'singleton' },
            { token: 'Shout', role: 'stage', form: 'class', scope: 'singleton' },
            { token: 'SearchTool', role: 'tool', form: 'class', scope: 'singleton' },
          ],
        },
        {
          module: 'FetchModule',
          imports: [],
          exports: ['Fetch'],
          tools: [],
          providers: [{ token: 'Fetch', role: 'stage', form: 'class', scope: 'singleton' }],
        },
      ],
      pipelines: [
        {
          pipeline: 'shouting',
          module: 'ShoutModule',
          maxConcurrency: 2,
          failurePolicy: 'continue',
          stages: [
            {
              stage: 'Shout',
              kind: 'transform',
              module: 'ShoutModule',
              dependsOn: [{ stage: 'Fetch', optional: false }],
              condition: null,
              timeoutMs: 2000,
              priority: 3,
              scope: 'singleton',
              access: [],
              driver: null,
              interceptors: [],
            },
            {
              stage: 'Fetch',
              kind: 'enrich',
              module: 'FetchModule',
              dependsOn: [],
              condition: null,
              timeoutMs: null,
              priority: 0,
              scope: 'singleton',
              access: [],
              driver: null,
              interceptors: [],
            },
          ],
        },
        expect.objectContaining({ pipeline: 'fetching', module: 'FetchModule', failurePolicy: 'fail-fast' }),
      ],
    });
  });

  it('prints as a page', async () => {
    await using app = await create(ShoutModule, { interceptors: [{ name: 'trace', intercept: (_, next) => next() }] });
    expect(String(app.describe())).toBe(
      [
        'application ShoutModule',
        '  pipeline shouting (ShoutModule, continue, at most 2 at once)',
        '    Shout  transform · singleton · after Fetch · within 2000 ms · priority 3 · inside application: trace',
        '    Fetch  enrich · singleton · inside application: trace',
        '  pipeline fetching (FetchModule, fail-fast)',
        '    Fetch  enrich · singleton · inside application: trace',
        '  module ShoutModule',
        '    imports FetchModule',
        '    provider volume (value, singleton)',
        '    tools SearchTool',
        '  module FetchModule',
        '    exports Fetch',
      ].join('\n'),
    );
  });
});
