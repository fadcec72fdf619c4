import { describe, expect, it } from 'vitest';
import { Access, AuthContext } from '../../../src/auth/index.js';
import { DefinitionError } from '../../../src/errors/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { rejection, thrown } from '../run/hand-bound.js';

const audit = new Pipeline('audit')
  .withStage('count', ({ snapshot }) => {
    const { text } = snapshot.input as { text: string };
    return text === '' ? StageOutput.skip('no text') : { length: text.length };
  })
  .withStage('score', (ctx) => ({ score: ctx.inputs.from('count').length * 10 }), { dependsOn: ['count'] });

const fetch = new Pipeline('crawl').withStage('fetch', ({ snapshot }) => ({ html: snapshot.inputText ?? '' }));

describe('a pipeline as a stage of the builder', () => {
  it.each([['built', audit.build()] as const, ['not built yet', audit] as const])(
    'runs it with what is mapped for it, and hands on what is made of its results (%s)',
    async (_, pipeline) => {
      const crawl = fetch
        .withStage('audit', pipeline, {
          dependsOn: ['fetch'],
          kind: StageKind.Enrich,
          input: (ctx) => ({ input: { text: ctx.inputs.from('fetch').html } }),
          output: (results) => ({ points: results.of('score').score }),
        })
        .withStage('report', (ctx) => ({ line: `${ctx.inputs.from('audit').points} points` }), { dependsOn: ['audit'] })
        .build();
      const results = await crawl.run({ inputText: 'abc' });
      expect(results.of('report')).toEqual({ line: '30 points' });
      expect(crawl.graph.stages[1]?.kind).toBe('enrich');
    },
  );

  it('hands on the outputs by name where nothing is made of them', async () => {
    const results = await fetch.withStage('audit', audit, { inherit: ['input'] }).run({ input: { text: 'ab' } });
    expect(results.of('audit')).toEqual({ count: { length: 2 }, score: { score: 20 } });
  });

  it('is skipped if no stage of it completed', async () => {
    const empty = new Pipeline('empty').withStage('a', () => StageOutput.skip('nothing'));
    const results = await new Pipeline('outer').withStage('empty', empty, { output: () => ({ called: true }) }).run();
    expect(results.stage('empty')).toMatchObject({ status: 'skip', reason: 'no stage of "empty" completed' });
  });

  it('is bound with what the outer pipeline is built with', async () => {
    const closed = new Pipeline('closed', { access: [Access.anyRole('admin')] }).withStage('a', () => ({ a: 1 }));
    const outer = new Pipeline('outer').withStage('closed', closed);
    expect(thrown(() => outer.build()).problems).toMatchObject([{ code: 'AUTH_NOT_CONFIGURED' }]);
    const built = outer.build({ trustedCallers: true });
    const auth = AuthContext.verified({ userId: 'eve' });
    expect((await rejection(built.run({ auth }))).cause).toMatchObject({ failureCode: 'AUTH_FORBIDDEN' });
    const admin = AuthContext.verified({ userId: 'ann', roles: ['admin'] });
    expect((await built.run({ auth: admin })).of('closed')).toEqual({ a: { a: 1 } });
  });

  it('reports what is wrong inside with everything else', () => {
    const broken = new Pipeline('inner').withStage('a', () => ({}), { dependsOn: ['nowhere' as never] });
    const error = thrown(() =>
      new Pipeline('outer')
        .withStage('inner', broken)
        .withStage('b', 1 as never)
        .build(),
    );
    expect(error).toBeInstanceOf(DefinitionError);
    expect(error.problems.map(({ code }: { code: string }) => code).sort()).toEqual([
      'GRAPH_MISSING_DEPENDENCY',
      'GRAPH_STAGE_INVALID',
    ]);
  });

  it('refuses an input that is a promise', async () => {
    const outer = new Pipeline('outer').withStage('audit', audit, { input: (async () => ({})) as never });
    expect((await rejection(outer.run())).cause).toMatchObject({ code: 'RUN_INPUT_INVALID' });
  });

  it('composes: the same pipeline mapped the same way counts once, mapped otherwise it conflicts', () => {
    const input = () => ({ input: { text: 'a' } });
    const one = new Pipeline('one').withStage('audit', audit, { input, inherit: ['metadata'] });
    const same = new Pipeline('two').withStage('audit', audit, { input, inherit: ['metadata'] });
    const other = new Pipeline('three').withStage('audit', audit, { input: () => ({ input: { text: 'b' } }) });
    expect(one.compose(same).stageNames).toEqual(['audit']);
    expect(thrown(() => one.compose(other)).problems).toMatchObject([{ code: 'GRAPH_COMPOSE_CONFLICT' }]);
    expect(one.prefix('eu').stageNames).toEqual(['eu.audit']);
  });

  it('can be replaced by a stage, with what it stood for', async () => {
    const outer = fetch.withStage('audit', audit, {
      dependsOn: ['fetch'],
      output: (results) => ({ points: results.of('score').score }),
    });
    const results = await outer.replace('audit', () => ({ points: 1 })).run();
    expect(results.of('audit')).toEqual({ points: 1 });
  });

  it('undoes what it did, where told how', async () => {
    const undone: unknown[] = [];
    const outer = new Pipeline('outer')
      .withStage('pay', audit, {
        kind: StageKind.Work,
        input: () => ({ input: { text: 'abcd' } }),
        output: (results) => ({ paid: results.of('score').score }),
        compensate: ({ paid }) => void undone.push(paid),
      })
      .withStage('fail', () => StageOutput.fail('after all'), { dependsOn: ['pay'] });
    await rejection(outer.run());
    expect(undone).toEqual([40]);
  });
});
