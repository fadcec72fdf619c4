import { describe, expect, it } from 'vitest';
import {
  AuthContext,
  Compensate,
  DependsOn,
  Injectable,
  MemorySink,
  PipelineModule,
  PipelineRegistry,
  type RunResults,
  Stage,
  type StageContext,
  Stageflow,
  StageKind,
  StageOutput,
  SubPipeline,
} from '../../../src/index.js';
import { rejection } from '../run/hand-bound.js';

@Injectable()
class Scale {
  readonly factor = 10;
}

@Stage()
class Score {
  constructor(private readonly scale: Scale) {}
  execute({ snapshot }: StageContext) {
    const { text } = snapshot.input as { text: string };
    if (text === '') return StageOutput.skip('nothing to score');
    if (text === 'stop') return StageOutput.cancel('told to stop');
    if (text === 'break') throw new Error('broken text');
    return { score: text.length * this.scale.factor };
  }
}
@PipelineModule({ name: 'audit', stages: [Score], providers: [Scale] })
class AuditModule {}

@Stage()
class Fetch {
  execute({ snapshot }: StageContext) {
    return { html: snapshot.inputText ?? '' };
  }
}

@Stage()
@DependsOn(Fetch)
@SubPipeline(AuditModule, {
  input: (ctx: StageContext<typeof Fetch>) => ({ input: { text: ctx.inputs.of(Fetch).html } }),
})
class Audit {
  execute(ctx: StageContext<typeof Fetch>, results: RunResults) {
    return { audited: ctx.inputs.of(Fetch).html, score: results.of(Score).score };
  }
}

@Stage()
@DependsOn(Audit)
class Report {
  execute(ctx: StageContext<typeof Audit>) {
    return { line: `${ctx.inputs.of(Audit).score}` };
  }
}
@PipelineModule({ name: 'crawl', stages: [Fetch, Audit, Report] })
class CrawlModule {}

@PipelineModule({ imports: [CrawlModule, AuditModule] })
class AppModule {}

describe('@SubPipeline', () => {
  it('runs the pipeline of a module in the place of a stage, which makes its output of the results', async () => {
    const sink = new MemorySink();
    await using app = await Stageflow.create(AppModule, { sinks: [sink] });
    const results = await app.run(CrawlModule, { inputText: 'abc' });
    expect(results.of(Audit)).toEqual({ audited: 'abc', score: 30 });
    expect(results.of(Report)).toEqual({ line: '30' });
    const inner = sink.events.filter(({ pipeline }) => pipeline === 'audit');
    expect(inner.map(({ type }) => type)).toEqual([
      'pipeline.started',
      'stage.started',
      'stage.completed',
      'pipeline.completed',
    ]);
    expect(inner.every(({ lineage }) => lineage.path.join() === 'Audit')).toBe(true);
  });

  it('ends as the run ends: skipped, cancelled or failed', async () => {
    await using app = await Stageflow.create(AppModule);
    const skipped = await app.start(CrawlModule, { inputText: '' }).result;
    expect(skipped.results.stage(Audit)).toMatchObject({
      status: 'skip',
      reason: 'no stage of "audit" completed',
    });
    const cancelled = await app.start(CrawlModule, { inputText: 'stop' }).result;
    expect(cancelled.status).toBe('cancelled');
    expect(cancelled.results.stage(Audit)).toMatchObject({ status: 'cancel', reason: 'told to stop' });
    const failed = await app.start(CrawlModule, { inputText: 'break' }).result;
    expect(failed).toMatchObject({ status: 'failed', error: { stage: 'Audit', cause: { stage: 'Score' } } });
  });

  it('works for stages that belong to one run, and for work that can be undone', async () => {
    const undone: unknown[] = [];
    @Stage({ kind: StageKind.Work })
    @Compensate()
    @SubPipeline(AuditModule, { inherit: ['input'] })
    class Charge {
      constructor(private readonly auth: AuthContext) {}
      execute(_ctx: StageContext, results: RunResults) {
        return { who: this.auth.principalId, score: results.of(Score).score as number };
      }
      compensate(output: { score: number; who: string | null }) {
        undone.push(output, this.auth.principalId);
      }
    }
    @Stage()
    @DependsOn(Charge)
    class Fail {
      execute() {
        throw new Error('after all');
      }
    }
    @PipelineModule({ stages: [Charge, Fail] })
    class ShopModule {}
    @PipelineModule({ imports: [ShopModule, AuditModule] })
    class ShopApp {}
    await using app = await Stageflow.create(ShopApp, { trustedCallers: true });
    const auth = AuthContext.verified({ userId: 'ann' });
    await app.start(ShopModule, { input: { text: 'ab' }, auth }).result;
    expect(undone).toEqual([{ who: 'ann', score: 20 }, 'ann']);
  });

  it('is refused with everything else that is wrong, if the application has no such pipeline', async () => {
    @PipelineModule({ stages: [Fetch, Audit, Report] })
    class AuditModuleX {}
    const error = await rejection(Stageflow.create(AuditModuleX));
    expect(error.problems).toMatchObject([
      {
        code: 'REGISTRY_UNKNOWN',
        fix: 'Did you mean AuditModuleX?',
        details: { stage: 'Audit', module: 'AuditModule', known: ['AuditModuleX'] },
      },
    ]);
  });

  it.each([
    [() => SubPipeline(undefined as never), 'undefined as argument 1'],
    [() => SubPipeline('audit' as never), '"audit" as argument 1'],
    [() => SubPipeline(AuditModule, { input: 1 as never }), 'input 1'],
    [() => SubPipeline(AuditModule, { inherit: 'input' as never }), 'inherit "input"'],
    [() => SubPipeline(AuditModule, { maxConcurrency: 0 }), 'maxConcurrency 0'],
    [() => SubPipeline(AuditModule, { output: () => 1 } as never), 'no option "output"'],
  ])('says what it cannot be given (%#)', (decorate, what) => {
    class Some {
      execute(_ctx: StageContext, _results: RunResults) {}
    }
    expect(() => decorate()(Some)).toThrow(what);
  });
});

describe('ctx.spawn inside of an application', () => {
  const asks = async (wanted: unknown): Promise<unknown> => {
    @Stage()
    class Ask {
      constructor(private readonly registry: PipelineRegistry) {}
      async execute(ctx: StageContext) {
        const pipeline = typeof wanted === 'string' ? this.registry.get(wanted) : wanted;
        const results = await ctx.spawn(pipeline as typeof AuditModule, { input: { text: 'four' } });
        return results.of(Score);
      }
    }
    @PipelineModule({ stages: [Ask] })
    class AskModule {}
    @PipelineModule({ imports: [AskModule, AuditModule] })
    class AskApp {}
    await using app = await Stageflow.create(AskApp);
    return (await app.run(AskModule)).of(Ask);
  };

  it('takes modules, and pipelines of the registry', async () => {
    expect(await asks(AuditModule)).toEqual({ score: 40 });
    expect(await asks('audit')).toEqual({ score: 40 });
  });

  it('names the pipelines there are where it knows none such, and the one that was probably meant', async () => {
    class AuditModul {}
    const error = await rejection(asks(AuditModul));
    expect(error.cause).toMatchObject({
      code: 'REGISTRY_UNKNOWN',
      details: { known: ['AskModule', 'AuditModule'], suggestion: 'AuditModule' },
    });
    expect(error.cause.fix).toContain('Did you mean AuditModule? If not, import AuditModul in');
  });
});
