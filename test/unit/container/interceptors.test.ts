import { describe, expect, it } from 'vitest';
import { Injectable, Intercept, PipelineModule, Stage } from '../../../decorators/index.js';
import { AuthContext } from '../../../src/auth/index.js';
import { type Interceptor, InterceptorPriority, type Next, type StageContext } from '../../../src/stage/index.js';
import { create, problemsOf } from './fixtures.js';

const log: string[] = [];
const named = (name: string, priority?: number): Interceptor => ({
  name,
  ...(priority === undefined ? {} : { priority }),
  intercept: (_, next) => {
    log.push(name);
    return next();
  },
});

describe('interceptors', () => {
  it('stand in the order application, module, pipeline, stage, unless their priority says otherwise', async () => {
    @Stage()
    @Intercept(named('stage'), named('security', InterceptorPriority.Security))
    class Inner {
      execute() {}
    }
    @Stage()
    class Outer {
      execute() {}
    }
    @PipelineModule({ stages: [Inner], interceptors: [named('module')] })
    class Part {}
    @PipelineModule({ stages: [Outer], imports: [Part], interceptors: [named('pipeline')] })
    class Whole {}
    const app = await create(Whole, { interceptors: [named('app')] });
    const order = (pipeline: number) =>
      Object.fromEntries(
        app
          .describe()
          .pipelines[pipeline]?.stages.map((s) => [s.stage, s.interceptors.map(({ interceptor }) => interceptor)]) ??
          [],
      );
    expect(order(0)).toEqual({
      Outer: ['app', 'pipeline'],
      Inner: ['security', 'app', 'module', 'pipeline', 'stage'],
    });
    expect(order(1)).toEqual({ Inner: ['security', 'app', 'module', 'stage'] });
    log.length = 0;
    await app.run(Part);
    expect(log).toEqual(['security', 'app', 'module', 'stage']);
  });

  it('are built with their services, once per class and module, wherever the class is listed', async () => {
    let built = 0;
    @Injectable()
    class Meter {}
    @Injectable()
    class Metered implements Interceptor {
      constructor(readonly meter: Meter) {
        built += 1;
      }
      intercept(_: StageContext, next: Next) {
        return next();
      }
    }
    @Stage()
    @Intercept(Metered)
    class One {
      execute() {}
    }
    @Stage()
    @Intercept(Metered)
    class Two {
      execute() {}
    }
    @PipelineModule({ stages: [One, Two], providers: [Meter] })
    class Pipeline {}
    await create(Pipeline);
    expect(built).toBe(1);
    @PipelineModule({ stages: [One, Two], providers: [Meter], interceptors: [Metered] })
    class Listing {}
    const app = await create(Listing, { interceptors: [Metered] });
    expect(built).toBe(2);
    expect(app.get(Metered).meter).toBe(app.get(Meter));
  });

  it('of the application are built in the root module', async () => {
    @Injectable()
    class Meter {}
    @Injectable()
    class Metered implements Interceptor {
      constructor(readonly meter: Meter) {}
      intercept(_: StageContext, next: Next) {
        return next();
      }
    }
    @Stage()
    class One {
      execute() {}
    }
    @PipelineModule({ stages: [One] })
    class Part {}
    @PipelineModule({ imports: [Part], providers: [Meter] })
    class Root {}
    const app = await create(Root, { interceptors: [Metered] });
    expect(app.describe().pipelines[0]?.stages[0]?.interceptors).toMatchObject([{ interceptor: 'Metered' }]);
  });

  it('that do not apply to a stage are not around it', async () => {
    const onlyOne: Interceptor = { ...named('only one'), appliesTo: (stage) => stage.name === 'One' };
    @Stage()
    class One {
      execute() {}
    }
    @Stage()
    class Two {
      execute() {}
    }
    @PipelineModule({ stages: [One, Two], interceptors: [onlyOne] })
    class Pipeline {}
    const app = await create(Pipeline);
    expect(app.pipeline(Pipeline).stages.map((stage) => stage.interceptors.length)).toEqual([1, 0]);
  });

  it('serve all runs, so that asking for the caller is refused, with the cure', async () => {
    @Injectable()
    class Audit implements Interceptor {
      constructor(readonly auth: AuthContext) {}
      intercept(_: StageContext, next: Next) {
        return next();
      }
    }
    @Injectable({ scope: 'run' })
    class Fresh implements Interceptor {
      intercept(_: StageContext, next: Next) {
        return next();
      }
    }
    @Stage()
    @Intercept(Audit)
    class One {
      execute() {}
    }
    @PipelineModule({ stages: [One], interceptors: [Fresh] })
    class Pipeline {}
    const problems = await problemsOf(Pipeline);
    expect(problems).toMatchObject([
      { code: 'DI_CAPTIVE_SCOPE', message: 'Interceptor Fresh serves all runs, but is declared run-scoped.' },
      {
        code: 'DI_CAPTIVE_SCOPE',
        message: 'Interceptor Audit serves all runs, but needs what belongs to one run: Audit → AuthContext.',
        fix: expect.stringContaining('Read ctx.auth'),
      },
    ]);
  });

  it('of the application must be interceptors', async () => {
    @PipelineModule({})
    class Root {}
    expect(await problemsOf(Root, { interceptors: [{} as never] })).toMatchObject([
      { code: 'DI_INVALID_PROVIDER', message: expect.stringContaining('interceptors[0] of the application') },
    ]);
  });
});
