import { bagKey, deepFreeze, Pipeline, type RunInput, StageOutput } from 'stageflow';
import { describe, expect, it } from 'vitest';

describe('nobody changes what another one reads', () => {
  it('a stage cannot change what it was given, however deep', async () => {
    const given = { user: { tags: ['a'], born: new Date(0), seen: new Map([['x', { n: 1 }]]) } };
    type Given = typeof given;
    const attempts: ((input: Given) => unknown)[] = [
      (input) => input.user.tags.push('b'),
      (input) => {
        input.user = given.user;
      },
      (input) => input.user.born.setTime(1),
      (input) => input.user.seen.set('y', { n: 2 }),
      (input) => {
        (input.user.seen.get('x') as { n: number }).n = 9;
      },
    ];
    const pipeline = new Pipeline('p')
      .withStage('writer', (ctx) => {
        for (const attempt of attempts)
          expect(() => attempt(ctx.snapshot.input as Given)).toThrow(/read only|not extensible|PAYLOAD_READ_ONLY/);
        return {};
      })
      .withStage('reader', (ctx) => ({ input: ctx.snapshot.input as Given }), { dependsOn: ['writer'] });
    const results = await pipeline.run({ input: given });
    expect(results.of('reader').input.user.tags).toEqual(['a']);
    expect(results.of('reader').input.user.born.getTime()).toBe(0);
    given.user.tags.push('the caller may'); // its own objects stay its own
    expect(results.of('reader').input.user.tags).toEqual(['a']);
  });

  it('a reader cannot change an output, nor can the stage that made it once somebody has read it', async () => {
    const kept: { list: number[][] } = { list: [[1]] };
    const results = await new Pipeline('p')
      .withStage('make', () => kept)
      .withStage('read', (ctx) => ({ first: (ctx.inputs.from('make').list[0] as number[]).length }), {
        dependsOn: ['make'],
      })
      .withStage(
        'write',
        (ctx) => {
          expect(() => ctx.inputs.from('make').list[0]?.push(2)).toThrow(TypeError);
          expect(() => kept.list.push([3])).toThrow(TypeError);
          return {};
        },
        { dependsOn: ['make', 'read'] },
      )
      .run();
    expect(results.of('make').list).toEqual([[1]]);
  });

  it('an interceptor cannot change an output it passes on', async () => {
    let refused = false;
    const results = await new Pipeline('p', {
      interceptors: [
        {
          name: 'Meddling',
          intercept: async (_, next) => {
            const output = await next();
            try {
              (output.data as { a: { b: number } }).a.b = 2;
            } catch {
              refused = true;
            }
            return output;
          },
        },
      ],
    })
      .withStage('s', () => StageOutput.ok({ a: { b: 1 } }))
      .run();
    expect(refused).toBe(true);
    expect(results.of('s')).toEqual({ a: { b: 1 } });
  });

  it('class instances and bytes are handed on as they are', async () => {
    class Counter {
      count = 0;
    }
    const counter = new Counter();
    const bytes = new Uint8Array([1]);
    const results = await new Pipeline('p').withStage('s', () => ({ counter, bytes })).run();
    results.of('s').counter.count++;
    expect(results.of('s').counter).toBe(counter);
    expect(results.of('s').bytes).toBe(bytes);
  });

  it('what was frozen by its owner is shared with the run instead of copied', async () => {
    const input = deepFreeze({ rows: [{ n: 1 }] });
    const results = await new Pipeline('p')
      .withStage('s', (ctx) => ({ same: ctx.snapshot.input === input }))
      .run({ input });
    expect(results.of('s')).toEqual({ same: true });
  });

  it('what cannot be stored is refused when the run is started, with its path', async () => {
    const input = { user: { greet: () => 'hi', tags: [Symbol('x')] } };
    const run = (given: RunInput) => new Pipeline('p').withStage('s', () => ({})).run(given);
    const error = await run({ input }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SNAPSHOT_NOT_ENCODABLE' });
    expect(String(error)).toContain('input.user.greet');
    expect(String(error)).toContain('input.user.tags[0]');
  });
});

describe('the bag', () => {
  const LANGUAGE = bagKey<string>('language');

  it('is read downstream of its writer only, whoever is faster: BAG_NOT_UPSTREAM', async () => {
    const results = await new Pipeline('p', { failurePolicy: 'continue' })
      .withStage('detect', (ctx) => ctx.bag.set(LANGUAGE, 'en'))
      .withStage('between', () => ({}), { dependsOn: ['detect'] })
      .withStage('below', (ctx) => ({ language: ctx.bag.get(LANGUAGE).toUpperCase() }), { dependsOn: ['between'] })
      .withStage('beside', (ctx) => ({ has: ctx.bag.has(LANGUAGE) }))
      .withStage('late', (ctx) => ({ language: ctx.bag.get(LANGUAGE) }), { dependsOn: ['beside'] })
      .start().result;
    expect(results.results.of('below')).toEqual({ language: 'EN' });
    expect(results.results.of('beside')).toEqual({ has: false });
    expect(results.results.stage('late').failure).toMatchObject({ code: 'BAG_NOT_UPSTREAM' });
    expect(String(results.results.stage('late').failure?.error)).toMatch(
      /"late" reads bag key "language".*"detect" wrote/,
    );
  });
});

it('ctx.inputs.outputs gives what all dependencies handed on, by name', async () => {
  const results = await new Pipeline('p')
    .withStage('a', () => ({ n: 1 }))
    .withStage('b', () => StageOutput.skip('none') as StageOutput<{ n: number }>)
    .withStage('c', () => ({ n: 3 }))
    .withStage('all', (ctx) => ({ outputs: ctx.inputs.outputs() }), { dependsOn: ['a', 'b', 'c'] })
    .run();
  expect(results.of('all').outputs).toEqual({ a: { n: 1 }, c: { n: 3 } });
});
