// Promise: the builder knows the names of its stages and what each hands on.
import {
  type OutputOf,
  Pipeline,
  PipelineRegistry,
  type RunnablePipeline,
  type StageContext,
  StageOutput,
} from '../../src/core.js';
import { proves, type Same } from './stages.js';

class Greet {
  execute(_ctx: StageContext) {
    return { message: 'hello' };
  }
}
class NeedsMailer {
  constructor(readonly mailer: { send(): void }) {}
  execute() {
    return { sent: true };
  }
}

class NoExecute {}

const greeting = new Pipeline('greeting')
  .withStage('greet', Greet)
  .withStage('rank', () => ({ score: 1 as number }), 'enrich')
  .withStage('maybe', () => (Math.random() > 2 ? StageOutput.skip('nobody') : StageOutput.ok({ name: 'Ada' })));

// ── names in dependsOn ────────────────────────────────────────────────────────────────────────────────────────────────
greeting.withStage('x', () => ({}), { dependsOn: ['greet', 'rank'] });
// @ts-expect-error there is no stage "gret"
greeting.withStage('x', () => ({}), { dependsOn: ['gret'] });
// @ts-expect-error nor is there one at the beginning
new Pipeline('empty').withStage('x', () => ({}), { dependsOn: ['greet'] });
// @ts-expect-error a list, not a name
greeting.withStage('x', () => ({}), { dependsOn: 'greet' });
greeting.withStage('x', () => ({}), { dependsOn: [{ stage: 'greet', optional: true }] });
// @ts-expect-error there is no stage "gret"
greeting.withStage('x', () => ({}), { dependsOn: [{ stage: 'gret', optional: true }] });

// ── what a stage reads ────────────────────────────────────────────────────────────────────────────────────────────────
greeting.withStage('x', (ctx) => ({ loud: ctx.inputs.from('greet').message.toUpperCase() }), { dependsOn: ['greet'] });
// @ts-expect-error "rank" is a stage, but not declared
greeting.withStage('x', (ctx) => ({ score: ctx.inputs.from('rank').score }), { dependsOn: ['greet'] });
// @ts-expect-error nothing is declared
greeting.withStage('x', (ctx) => ({ message: ctx.inputs.from('greet') }));
greeting.withStage('x', (ctx) => ({ m: ctx.inputs.from('greet', 'message')?.length }), { dependsOn: ['greet'] });
// @ts-expect-error greet hands on no "massage"
greeting.withStage('x', (ctx) => ({ m: ctx.inputs.from('greet', 'massage') }), { dependsOn: ['greet'] });
greeting.withStage('x', (ctx) => ({ m: ctx.inputs.require('rank', 'score').toFixed() }), { dependsOn: ['rank'] });
// @ts-expect-error rank hands on no "scor"
greeting.withStage('x', (ctx) => ({ m: ctx.inputs.require('rank', 'scor') }), { dependsOn: ['rank'] });
greeting.withStage('x', (ctx) => ({ s: ctx.inputs.status('greet').status }), { dependsOn: ['greet'] });
// @ts-expect-error "rank" is not declared
greeting.withStage('x', (ctx) => ({ s: ctx.inputs.status('rank').status }), { dependsOn: ['greet'] });
greeting.withStage('x', { execute: (ctx) => ({ m: ctx.inputs.from('greet').message }) }, { dependsOn: ['greet'] });
// @ts-expect-error an object with execute is held to the same
greeting.withStage('x', { execute: (ctx) => ({ m: ctx.inputs.from('rank').score }) }, { dependsOn: ['greet'] });

// ── optional dependencies ─────────────────────────────────────────────────────────────────────────────────────────────
greeting.withStage('x', (ctx) => ({ m: ctx.inputs.from('greet')?.message }), {
  dependsOn: [{ stage: 'greet', optional: true }],
});
// @ts-expect-error an optional dependency may be undefined
greeting.withStage('x', (ctx) => ({ m: ctx.inputs.from('greet').message }), {
  dependsOn: [{ stage: 'greet', optional: true }],
});
greeting.withStage('x', (ctx) => ({ m: ctx.inputs.from('greet').message }), {
  dependsOn: [{ stage: 'greet', optional: false }],
});

// ── names of stages ───────────────────────────────────────────────────────────────────────────────────────────────────
greeting.withStage('other', Greet);
// @ts-expect-error the pipeline already has a stage of this name
greeting.withStage('greet', Greet);
// @ts-expect-error the same for a function
greeting.withStage('rank', () => ({}));

// ── what can be a stage ───────────────────────────────────────────────────────────────────────────────────────────────
greeting.withStage('mail', new NeedsMailer({ send() {} }));
// @ts-expect-error the builder has nothing to give to a constructor
greeting.withStage('mail', NeedsMailer);
// @ts-expect-error an object without execute is no stage
greeting.withStage('mail', { run() {} });
// @ts-expect-error nor is a class without execute
greeting.withStage('mail', NoExecute);
// ── what a stage may return ───────────────────────────────────────────────────────────────────────────────────────────
greeting.withStage('x', () => {});
greeting.withStage('x', async () => (Math.random() > 2 ? StageOutput.fail('no') : { a: 1 }));
// @ts-expect-error a list is no output
greeting.withStage('x', () => [1]);
// @ts-expect-error text is no output
greeting.withStage('x', async () => 'text');
// @ts-expect-error the same for an object with execute
greeting.withStage('x', { execute: () => 7 });
// @ts-expect-error the kinds are a closed set
greeting.withStage('x', Greet, 'worker');
greeting.withStage('x', Greet, { timeoutMs: 5, priority: 1 });
// @ts-expect-error a misspelt option
greeting.withStage('x', Greet, { timeout: 5 });

// ── conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────
greeting.withStage('x', Greet, { when: { stage: 'rank', is: ({ score }) => score > 0 } });
// @ts-expect-error there is no stage "rnk"
greeting.withStage('x', Greet, { when: { stage: 'rnk', is: () => true } });
// @ts-expect-error rank hands on no "scor"
greeting.withStage('x', Greet, { when: { stage: 'rank', is: ({ scor }) => scor > 0 } });
// @ts-expect-error a condition is true or false, not truthy
greeting.withStage('x', Greet, { when: { stage: 'rank', is: ({ score }) => score } });
// @ts-expect-error a promise would count as true
greeting.withStage('x', Greet, { when: { stage: 'rank', is: async () => true } });
greeting.withStage('x', () => ({}), { dependsOn: ['rank'], when: (ctx) => ctx.inputs.from('rank').score > 0 });
// @ts-expect-error "greet" is not declared
greeting.withStage('x', () => ({}), { dependsOn: ['rank'], when: (ctx) => ctx.inputs.from('greet').message === '' });

// ── results ───────────────────────────────────────────────────────────────────────────────────────────────────────────
export async function results() {
  const found = await greeting.run();
  const greet = found.of('greet');
  proves<Same<typeof greet, { message: string }>>();
  found.of('greet').message.toUpperCase();
  // @ts-expect-error there is no stage "nope"
  found.of('nope');
  // @ts-expect-error greet hands on no "massage"
  found.of('greet').massage;
  found.of('maybe').name.toUpperCase();
  found.stage('rank').status;
  // @ts-expect-error there is no stage "nope"
  found.stage('nope');
  found.outputs.rank?.score.toFixed();
  // @ts-expect-error a stage may not have completed
  found.outputs.rank.score;
  const outcome = await greeting.start().result;
  outcome.results.of('greet').message;
  // @ts-expect-error only an outcome that is not completed has an error
  outcome.error;
  // @ts-expect-error there is no stage "nope"
  outcome.results.of('nope');
}

// ── compose ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const other = new Pipeline('other')
  .withStage('rank', () => ({ label: 'gold' }))
  .withStage('last', () => ({ last: true }));
export async function composed() {
  const both = greeting.compose(other, { override: true });
  const found = await both.run();
  found.of('greet').message.toUpperCase();
  found.of('last').last.valueOf();
  found.of('rank').label.toUpperCase();
  // @ts-expect-error the rank of the other pipeline has taken its place
  found.of('rank').score;
  both.withStage('x', (ctx) => ({ l: ctx.inputs.from('last').last }), { dependsOn: ['last'] });
  // @ts-expect-error "last" is now a stage of this pipeline
  both.withStage('last', Greet);
  // @ts-expect-error compose takes pipelines
  greeting.compose(Greet);
}

// ── names known only at run time ───────────────────────────────────────────────────────────────────────────────────────
export function chain(names: readonly string[]): Pipeline<any> {
  let pipeline: Pipeline<any> = new Pipeline('chain');
  for (const [at, name] of names.entries()) {
    pipeline = pipeline.withStage(name, (ctx) => ({ n: at, before: ctx.inputs.from('any name') }), {
      dependsOn: names.slice(0, at),
    });
  }
  // @ts-expect-error what can be a stage is checked all the same
  pipeline.withStage('last', NeedsMailer);
  return pipeline.withStage('last', Greet);
}

// ── the pieces ────────────────────────────────────────────────────────────────────────────────────────────────────────
export const built: RunnablePipeline<{ readonly greet: OutputOf<typeof Greet> }> = new Pipeline('p')
  .withStage('greet', Greet)
  .build();
// @ts-expect-error the maps of two pipelines are not interchangeable
export const mistaken: RunnablePipeline<{ readonly greet: { other: string } }> = new Pipeline('p')
  .withStage('greet', Greet)
  .build();
export const registry = new PipelineRegistry().register(built);
// @ts-expect-error what has no name cannot be registered
new PipelineRegistry().register({});
new Pipeline('p', { failurePolicy: 'continue', maxConcurrency: 4 });
// @ts-expect-error the policies are a closed set
new Pipeline('p', { failurePolicy: 'best-effort' });
