import { describe, expect, it } from 'vitest';
import { Stage, When } from '../../../decorators/index.js';
import { Pipeline, type PipelineOptions } from '../../../src/pipeline/index.js';
import { type Interceptor, StageOutput } from '../../../src/stage/index.js';

const a = () => ({ a: 1 });
const b = () => ({ b: 2 });
const namesOf = (pipeline: Pipeline<any>) => pipeline.stageNames;

describe('compose', () => {
  it('joins disjoint pipelines, in order, and changes neither (065)', async () => {
    const left = new Pipeline('left').withStage('a', a);
    const right = new Pipeline('right').withStage('b', b);
    const both = left.compose(right);
    expect([left, right, both].map(namesOf)).toEqual([['a'], ['b'], ['a', 'b']]);
    expect((await both.run()).outputs).toEqual({ a: { a: 1 }, b: { b: 2 } });
    expect(both.name).toBe('left');
  });

  it('counts a stage once that both define identically: itself, a copy, fifty times (065)', () => {
    const one = new Pipeline('one').withStage('a', a).withStage('b', b, { dependsOn: ['a'], timeoutMs: 5 });
    const copy = new Pipeline('copy').withStage('a', a).withStage('b', b, { dependsOn: ['a'], timeoutMs: 5 });
    let composed: Pipeline<any> = one.compose(one).compose(copy);
    for (let i = 0; i < 50; i++) composed = composed.compose(copy);
    expect(namesOf(composed)).toEqual(['a', 'b']);
    expect(composed.build().graph.size).toBe(2);
  });

  it('counts a stage with a condition once, too, if the condition is the same', () => {
    @Stage()
    class Router {
      execute() {
        return { go: true };
      }
    }
    @Stage()
    @When(Router, ({ go }) => go)
    class Guarded {
      execute() {}
    }
    const is = ({ go }: { go: boolean }) => go;
    const made = (name: string) =>
      new Pipeline(name)
        .withStage('router', Router)
        .withStage('guarded', Guarded)
        .withStage('also', a, { when: { stage: 'router', is } });
    expect(namesOf(made('one').compose(made('two')))).toEqual(['router', 'guarded', 'also']);
  });

  it.each<[string, () => object, object]>([
    ['something else to run', b, {}],
    ['another limit', a, { timeoutMs: 9 }],
    ['another kind', a, { kind: 'work' as const }],
    ['another priority', a, { priority: 9 }],
    ['another condition', a, { when: () => true }],
    ['another interceptor', a, { interceptors: [{ intercept: () => StageOutput.ok() }] }],
  ])('refuses one name with %s: GRAPH_COMPOSE_CONFLICT, unless override (065)', (_, run, options) => {
    const left = new Pipeline('left').withStage('a', a);
    const right = new Pipeline('right').withStage('a', run, options);
    expect(() => left.compose(right)).toThrow(
      expect.objectContaining({
        code: 'GRAPH_COMPOSE_CONFLICT',
        problems: [
          expect.objectContaining({
            fix: expect.stringContaining('override'),
            details: { pipeline: 'left', other: 'right', stage: 'a' },
          }),
        ],
      }),
    );
    expect(namesOf(left.compose(right, { override: true }))).toEqual(['a']);
  });

  it('names every conflict at once', () => {
    const left = new Pipeline('left').withStage('a', a).withStage('b', a);
    const right = new Pipeline('right').withStage('a', b).withStage('b', b);
    expect(() => left.compose(right)).toThrow(
      expect.objectContaining({ problems: [expect.anything(), expect.anything()] }),
    );
  });

  it('with override takes the stage of the other, in the place of the first', async () => {
    const left = new Pipeline('left').withStage('a', a).withStage('z', a);
    const composed = left.compose(new Pipeline('right').withStage('a', b), { override: true });
    expect(namesOf(composed)).toEqual(['a', 'z']);
    expect((await composed.run()).of('a')).toEqual({ b: 2 });
  });

  it('lets stages of one depend on stages of the other', async () => {
    const composed = new Pipeline('left').withStage('a', a).compose(new Pipeline('right').withStage('b', b));
    const results = await composed
      .withStage('sum', (ctx) => ({ sum: ctx.inputs.from('a').a + ctx.inputs.from('b').b }), { dependsOn: ['a', 'b'] })
      .run();
    expect(results.of('sum')).toEqual({ sum: 3 });
  });

  it('keeps finding one name that is there twice in either', () => {
    const twice = (new Pipeline('left') as Pipeline<any>).withStage('a', a).withStage('a', b);
    const other = new Pipeline('right').withStage('c', a);
    for (const compose of [() => twice.compose(other).build(), () => other.compose(twice).build()]) {
      expect(compose).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/GRAPH_(DUPLICATE_STAGE|COMPOSE_CONFLICT)/) }),
      );
    }
  });
});

describe('composing pipelines with options of their own', () => {
  const deny: Interceptor = {
    name: 'deny',
    intercept: () => StageOutput.fail(new Error('denied'), { code: 'DENIED' }),
  };
  const withOptions = (name: string, stage: string, options: PipelineOptions) =>
    new Pipeline(name, options).withStage(stage, a);

  it('keeps the interceptors of each around its own stages, and around no others', async () => {
    const open = withOptions('open', 'free', {});
    const guarded = withOptions('guarded', 'secret', { interceptors: [deny], failurePolicy: 'continue' });
    const both = new Pipeline('both', { failurePolicy: 'continue' }).compose(open).compose(guarded);
    const { results } = await both.start().result;
    expect(results.stage('secret').failure).toMatchObject({ code: 'DENIED' });
    expect(results.stage('free').status).toBe('ok');
  });

  it('never lets a guarded stage lose its guard by being composed into an open pipeline', async () => {
    const guarded = withOptions('guarded', 'secret', { interceptors: [deny] });
    const outcome = await withOptions('open', 'free', {}).compose(guarded).start().result;
    expect(outcome.results.stage('secret').status).not.toBe('ok');
  });
});
