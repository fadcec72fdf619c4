// Promise: what is started says what it gives, and may be told nothing that is not its own to say.
import {
  DependsOn,
  type OutputOf,
  Pipeline,
  type RunResults,
  type StageContext,
  SubPipeline,
} from '../../src/index.js';
import { Fetch, proves, Rank, type Same } from './stages.js';

const audit = new Pipeline('audit')
  .withStage('count', () => ({ length: 3 }))
  .withStage('score', (ctx) => ({ points: ctx.inputs.from('count').length }), { dependsOn: ['count'] });
const built = audit.build();

class AuditModule {}

// What is started says what it gives.
export async function spawns(ctx: StageContext): Promise<void> {
  const results = await ctx.spawn(built, { inputText: 'x' }, { inherit: ['metadata'], timeoutMs: 100 });
  const score = results.of('score');
  proves<Same<typeof score, { points: number }>>();
  const { length } = (await ctx.spawn(audit)).of('count');
  proves<Same<typeof length, number>>();
  // @ts-expect-error: it has no stage of this name
  results.of('scores');

  const ofModule = await ctx.spawn(AuditModule);
  const page = ofModule.of(Fetch);
  proves<Same<typeof page, { html: string }>>();
  const same: RunResults = ofModule;
  same.of('anything');
  const typed: RunResults<{ score: { points: number } }> = await ctx.spawn(
    new Pipeline('p').withStage('score', () => ({ points: 1 })),
  );
  typed.of('score');

  // @ts-expect-error: a name is no pipeline
  await ctx.spawn('audit');
  // @ts-expect-error: who it is for is not to be said
  await ctx.spawn(built, { token: 'x.y.z' });
  // @ts-expect-error: where it comes from is not to be said
  await ctx.spawn(built, { identity: { parentRunId: null } });
  // @ts-expect-error: a snapshot has no such field
  await ctx.spawn(built, {}, { inherit: ['bag'] });
}

const fetch = new Pipeline('crawl').withStage('fetch', () => ({ html: '' }));

// A pipeline as a stage: what goes in is made of what the stage may read, what comes out is typed.
const crawl = fetch.withStage('audit', built, {
  dependsOn: ['fetch'],
  input: (ctx) => ({ input: { text: ctx.inputs.from('fetch').html } }),
  output: (results) => ({ points: results.of('score').points, ok: true }),
});
crawl.withStage('report', (ctx) => ({ points: ctx.inputs.from('audit').points.toFixed(1) }), { dependsOn: ['audit'] });
// @ts-expect-error: the stage hands on something else
crawl.withStage('report', (ctx) => ({ points: ctx.inputs.from('audit').scores }), { dependsOn: ['audit'] });

fetch
  .withStage('audit', audit)
  .withStage('report', (ctx) => ({ points: ctx.inputs.from('audit').score?.points }), { dependsOn: ['audit'] });
const whole = fetch.withStage('audit', audit);
// @ts-expect-error: any of its stages may have been skipped
whole.withStage('r', (ctx) => ({ p: ctx.inputs.from('audit').score.points }), { dependsOn: ['audit'] });

// @ts-expect-error: the stage does not depend on what the input reads
fetch.withStage('audit', built, { input: (ctx) => ({ inputText: ctx.inputs.from('fetch').html }) });
// @ts-expect-error: the pipeline has no stage of this name
fetch.withStage('audit', built, { output: (results) => ({ points: results.of('scores').points }) });
// @ts-expect-error: a stage hands on an object
fetch.withStage('audit', built, { output: (results) => results.of('score').points });
// @ts-expect-error: there is a stage of this name
fetch.withStage('fetch', built);

@DependsOn(Fetch)
@SubPipeline(AuditModule, { input: (ctx: StageContext<typeof Fetch>) => ({ inputText: ctx.inputs.of(Fetch).html }) })
export class Audit {
  execute(ctx: StageContext<typeof Fetch>, results: RunResults) {
    return { of: ctx.inputs.of(Fetch).html, points: results.of('score').points as number };
  }
}
proves<Same<OutputOf<typeof Audit>, { of: string; points: number }>>();

@DependsOn(Audit)
export class Report {
  execute(ctx: StageContext<typeof Audit>) {
    return { points: ctx.inputs.of(Audit).points.toFixed(1) };
  }
}

@SubPipeline(AuditModule)
export class Unmapped {
  execute(_ctx: StageContext, results: RunResults) {
    return { id: results.runId };
  }
}

// @ts-expect-error: execute reads what @DependsOn does not declare
@DependsOn(Rank)
@SubPipeline(AuditModule)
export class Undeclared {
  execute(ctx: StageContext<typeof Fetch>, _results: RunResults) {
    return { of: ctx.inputs.of(Fetch).html };
  }
}

@DependsOn(Fetch)
// @ts-expect-error: input reads something else than execute
@SubPipeline(AuditModule, { input: (ctx: StageContext<typeof Rank>) => ({ input: ctx.inputs.of(Rank) }) })
export class Mismatched {
  execute(ctx: StageContext<typeof Fetch>, _results: RunResults) {
    return { of: ctx.inputs.of(Fetch).html };
  }
}

// @ts-expect-error: what is no stage takes no results
@SubPipeline(AuditModule)
export class NoStage {}
