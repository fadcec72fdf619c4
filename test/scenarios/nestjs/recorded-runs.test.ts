import { type INestApplicationContext, Injectable, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthContext, DependsOn, PipelineModule, Stage, type StageContext } from 'stageflow';
import { fork, Journal, MemoryJournalStore, replay, resume } from 'stageflow/journal';
import { getPipelineToken, type NestPipeline, StageflowHealth, StageflowModule } from 'stageflow/nestjs';
import { afterEach, expect, it } from 'vitest';

@Injectable()
class Gate {
  static open = false;

  async pass(signal: AbortSignal): Promise<void> {
    if (!Gate.open) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  }
}

@Stage()
class Read {
  static calls = 0;

  execute(ctx: StageContext): { text: string } {
    Read.calls++;
    return { text: ctx.snapshot.inputText ?? '' };
  }
}

@Stage()
@DependsOn(Read)
class Sign {
  constructor(
    private readonly auth: AuthContext,
    private readonly gate: Gate,
  ) {}

  async execute(ctx: StageContext<typeof Read>): Promise<{ text: string }> {
    await this.gate.pass(ctx.signal);
    return { text: `${ctx.inputs.of(Read).text} for ${this.auth.userId}` };
  }
}

@PipelineModule({ name: 'letter', stages: [Read, Sign], providers: [Gate] })
class LetterPipeline {}

@Stage()
class Nothing {
  execute(): void {}
}

@PipelineModule({ name: 'nothing', stages: [Nothing] })
class NothingPipeline {}

function appModule(journal: Journal, pipelines: readonly Type[]): Type {
  @Module({
    imports: [
      StageflowModule.forRoot({ journal, trustedCallers: true, graceMs: 0 }),
      StageflowModule.forFeature(pipelines),
    ],
  })
  class AppModule {}
  return AppModule;
}

const open: INestApplicationContext[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((app) => app.close()));
});

async function start(journal: Journal, pipelines: readonly Type[], pipeline = pipelines[0] as Type) {
  const app = await NestFactory.createApplicationContext(appModule(journal, pipelines), { logger: false });
  open.push(app);
  return { app, pipeline: app.get<NestPipeline>(getPipelineToken(pipeline), { strict: false }) };
}

const ann = { auth: AuthContext.verified({ userId: 'ann', orgId: 'acme' }), inputText: 'Dear Bo' };

/** A run that was cut off by the end of its application. */
async function interrupted(store: MemoryJournalStore): Promise<string> {
  Gate.open = false;
  Read.calls = 0;
  const { app, pipeline } = await start(new Journal({ store }), [LetterPipeline]);
  const run = pipeline.start(ann);
  for await (const event of run.events) if (event.type === 'stage.started' && event.stage === 'Sign') break;
  await app.close();
  expect((await run.result).status).toBe('cancelled');
  return run.id;
}

it('goes on in the next application, for the same caller, and is counted there', async () => {
  const store = new MemoryJournalStore();
  const runId = await interrupted(store);
  const journal = new Journal({ store });
  // Any pipeline stands for the application.
  const { app, pipeline } = await start(journal, [LetterPipeline, NothingPipeline], NothingPipeline);
  const run = await resume(pipeline, journal, { tenant: 'acme', runId });
  expect(app.get(StageflowHealth).check().stageflow.running).toBe(1);
  run.cancel('not yet');
  await run.result;
  expect(app.get(StageflowHealth).check().stageflow.running).toBe(0);
});

it('ends there as if it had not been cut off, and is replayed and forked there', async () => {
  const store = new MemoryJournalStore();
  const runId = await interrupted(store);
  Gate.open = true;
  const journal = new Journal({ store });
  const { pipeline } = await start(journal, [LetterPipeline]);
  const { results } = await (await resume(pipeline, journal, { tenant: 'acme', runId })).result;
  expect(results.of(Sign)).toEqual({ text: 'Dear Bo for ann' });
  expect(Read.calls).toBe(1);

  const stored = await journal.read({ tenant: 'acme', runId });
  expect(await replay(pipeline, stored)).toMatchObject({ divergence: null, same: 2 });
  const forked = await fork(pipeline, stored, { from: Sign, override: { Read: { text: 'Dear Di' } } }).result;
  expect(forked.results.of(Sign)).toEqual({ text: 'Dear Di for ann' });
});

it('is refused by an application that has not its pipeline, and stays open', async () => {
  const store = new MemoryJournalStore();
  const runId = await interrupted(store);
  const journal = new Journal({ store });
  const { pipeline } = await start(journal, [NothingPipeline]);
  await expect(resume(pipeline, journal, { tenant: 'acme', runId })).rejects.toMatchObject({
    code: 'REGISTRY_UNKNOWN',
    details: { name: 'letter', registered: ['nothing'] },
  });
  expect(await journal.list({ status: 'open' })).toMatchObject([{ runId }]);
});
