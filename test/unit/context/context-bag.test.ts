import { describe, expect, it } from 'vitest';
import { ContextBag } from '../../../src/context/index.js';
import { Rig } from '../run/hand-bound.js';

describe('the context bag', () => {
  it('keeps the first value of a key and names both writers: BAG_CONFLICT (056)', () => {
    const bag = new ContextBag();
    bag.set('url', 1, 'fetch');
    expect(() => bag.set('url', 2, 'parse')).toThrow(
      expect.objectContaining({
        code: 'BAG_CONFLICT',
        details: { key: 'url', firstWriter: 'fetch', secondWriter: 'parse' },
      }),
    );
    expect(bag.get('url')).toBe(1);
  });

  it('refuses a second write by the same writer, and of undefined', () => {
    const bag = new ContextBag();
    bag.set('k', undefined, 'a');
    expect(bag.has('k')).toBe(true);
    expect(bag.get('k')).toBeUndefined();
    expect(() => bag.set('k', 1, 'a')).toThrow(expect.objectContaining({ code: 'BAG_CONFLICT' }));
  });

  it('refuses to read what nobody wrote: BAG_KEY_MISSING, with what was written', () => {
    const bag = new ContextBag();
    expect(() => bag.get('x')).toThrow('nothing');
    bag.set('a', 1, 's');
    expect(() => bag.get('x')).toThrow(
      expect.objectContaining({ code: 'BAG_KEY_MISSING', details: { key: 'x', written: ['a'] } }),
    );
    for (const key of ['__proto__', 'constructor']) expect(bag.has(key)).toBe(false);
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
      details: { key: 'k', firstWriter: 'a', secondWriter: 'b' },
    });
  });
});
