import { describe, expect, it } from 'vitest';
import { bagKey, ContextBag } from '../../../src/context/index.js';
import { Rig } from '../run/hand-bound.js';

const always = () => true;

describe('the context bag', () => {
  it('keeps the first value of a key, and names both writers and where they wrote: BAG_CONFLICT (056)', () => {
    const bag = new ContextBag();
    bag.set('url', 1, 'fetch');
    const here = /context-bag\.test\.ts:\d+:\d+$/;
    expect(() => bag.set('url', 2, 'parse')).toThrow(
      expect.objectContaining({
        code: 'BAG_CONFLICT',
        details: {
          key: 'url',
          firstWriter: 'fetch',
          secondWriter: 'parse',
          firstSite: expect.stringMatching(here),
          secondSite: expect.stringMatching(here),
        },
      }),
    );
    expect(bag.read('url', 'parse', always)).toBe(1);
  });

  it('refuses a second write by the same writer, and of undefined', () => {
    const bag = new ContextBag();
    bag.set('k', undefined, 'a');
    expect(bag.has('k', 'a', always)).toBe(true);
    expect(bag.read('k', 'a', always)).toBeUndefined();
    expect(() => bag.set('k', 1, 'a')).toThrow(expect.objectContaining({ code: 'BAG_CONFLICT' }));
  });

  it('refuses to read what nobody wrote: BAG_KEY_MISSING, with what was written', () => {
    const bag = new ContextBag();
    expect(() => bag.read('x', 'r', always)).toThrow('nothing');
    bag.set('a', 1, 's');
    expect(() => bag.read('x', 'r', always)).toThrow(
      expect.objectContaining({ code: 'BAG_KEY_MISSING', details: { key: 'x', written: ['a'] } }),
    );
    for (const key of ['__proto__', 'constructor']) expect(bag.has(key, 'r', always)).toBe(false);
  });

  it('is read downstream of the writer only, and by the writer: BAG_NOT_UPSTREAM', () => {
    const bag = new ContextBag();
    bag.set('title', 'Dune', 'parse');
    const isUpstream = (writer: string, reader: string) => writer === 'parse' && reader === 'rank';
    expect(bag.read('title', 'rank', isUpstream)).toBe('Dune');
    expect(bag.read('title', 'parse', isUpstream)).toBe('Dune');
    expect(bag.has('title', 'print', isUpstream)).toBe(false);
    expect(() => bag.read('title', 'print', isUpstream)).toThrow(
      expect.objectContaining({
        code: 'BAG_NOT_UPSTREAM',
        fix: 'Let "print" depend on "parse".',
        details: { key: 'title', writer: 'parse', reader: 'print' },
      }),
    );
  });

  it('freezes values to the last leaf', () => {
    const bag = new ContextBag();
    const value = { list: [{ x: 1 }] };
    bag.set('k', value, 'a');
    expect(() => value.list.push({ x: 2 })).toThrow(TypeError);
  });

  it('loses none of 200 concurrent writers of a run, each under its own name (056)', async () => {
    const writers = Array.from({ length: 200 }, (_, i) => ({
      name: `w${i}`,
      run: async (ctx: { sleep(ms: number): Promise<void>; bag: { set(key: string, value: unknown): void } }) => {
        await ctx.sleep(i % 5);
        ctx.bag.set(`k${i}`, i);
      },
    }));
    const seen: unknown[] = [];
    const rig = new Rig([
      ...writers,
      {
        name: 'reader',
        dependsOn: writers.map(({ name }) => name),
        run: (ctx) => void seen.push(...writers.map((_, i) => ctx.bag.get(`k${i}`))),
      },
    ]);
    const run = rig.start();
    await rig.clock.advance(10);
    expect((await run.result).status).toBe('completed');
    expect(seen).toEqual(writers.map((_, i) => i));
  });

  it('fails the second writer of a run, naming both stages (056)', async () => {
    const rig = new Rig([
      { name: 'a', run: (ctx) => ctx.bag.set('k', 1) },
      { name: 'b', dependsOn: ['a'], run: (ctx) => ctx.bag.set('k', 2) },
    ]);
    const { results } = await rig.outcome();
    expect(results.stage('b').failure?.error).toMatchObject({
      code: 'BAG_CONFLICT',
      details: {
        key: 'k',
        firstWriter: 'a',
        secondWriter: 'b',
        firstSite: expect.stringContaining('context-bag.test.ts'),
        secondSite: expect.stringContaining('context-bag.test.ts'),
      },
    });
  });

  it('takes typed keys and plain names for the same thing', async () => {
    const LANGUAGE = bagKey<string>('language');
    const seen: unknown[] = [];
    const rig = new Rig([
      { name: 'a', run: (ctx) => ctx.bag.set(LANGUAGE, 'pt') },
      {
        name: 'b',
        dependsOn: ['a'],
        run: (ctx) =>
          void seen.push(ctx.bag.has(LANGUAGE), ctx.bag.get(LANGUAGE).toUpperCase(), ctx.bag.get('language')),
      },
    ]);
    await rig.outcome();
    expect(seen).toEqual([true, 'PT', 'pt']);
  });
});
