import { describe, expect, it } from 'vitest';
import { type StageContext, StageOutput } from '../../../src/stage/index.js';
import { type HandStage, Rig } from './hand-bound.js';

class Fetch {
  execute() {
    return { html: '<b>' };
  }
}
class Other {
  execute() {}
}

/** What `read` gives or throws in a stage that depends on `dependsOn`. */
async function reading(
  read: (ctx: StageContext) => unknown,
  dependsOn: HandStage['dependsOn'] = ['fetch'],
  more: readonly HandStage[] = [],
): Promise<any> {
  const seen: { value?: unknown } = {};
  const rig = new Rig(
    [
      {
        name: 'fetch',
        stageClass: Fetch,
        run: () => ({ html: '<b>', empty: null, __proto__: { inherited: 1 } }).html && { html: '<b>', empty: null },
      },
      { name: 'other', stageClass: Other },
      ...more,
      {
        name: 'reader',
        dependsOn,
        run: (ctx) => {
          try {
            seen.value = read(ctx);
          } catch (error) {
            seen.value = error;
          }
        },
      },
    ],
    { failurePolicy: 'continue' },
  );
  await rig.outcome();
  return seen.value;
}

describe('reading a declared dependency', () => {
  it('gives the output, a key, or undefined for a missing key (058)', async () => {
    expect(await reading((ctx) => ctx.inputs.of(Fetch))).toEqual({ html: '<b>', empty: null });
    expect(await reading((ctx) => ctx.inputs.from('fetch'))).toEqual({ html: '<b>', empty: null });
    expect(await reading((ctx) => ctx.inputs.from('fetch', 'html'))).toBe('<b>');
    expect(await reading((ctx) => ctx.inputs.from('fetch', 'empty'))).toBe(null);
    expect(await reading((ctx) => ctx.inputs.from('fetch', 'nope'))).toBeUndefined();
    expect(await reading((ctx) => ctx.inputs.require('fetch', 'html'))).toBe('<b>');
    expect(await reading((ctx) => ctx.inputs.get('html'))).toBe('<b>');
    expect(await reading((ctx) => ctx.inputs.get('nope'))).toBeUndefined();
    expect(await reading((ctx) => ctx.inputs.status(Fetch))).toEqual({ status: 'ok', reason: null, skipCause: null });
  });

  it('does not see what an object inherits', async () => {
    for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(await reading((ctx) => ctx.inputs.from('fetch', key))).toBeUndefined();
      expect(await reading((ctx) => ctx.inputs.get(key))).toBeUndefined();
    }
  });

  it('requires a key: INPUT_KEY_MISSING lists the keys that are there (058)', async () => {
    for (const key of ['nope', 'empty']) {
      const error = await reading((ctx) => ctx.inputs.require('fetch', key));
      expect(error).toMatchObject({
        code: 'INPUT_KEY_MISSING',
        details: { reader: 'reader', target: 'fetch', key, available: ['html', 'empty'] },
      });
    }
  });

  it('without output is INPUT_NO_OUTPUT, with how it ended and why (058)', async () => {
    const skipping: HandStage = { name: 'skipping', run: () => StageOutput.skip('nobody') };
    for (const read of [
      (ctx: StageContext) => ctx.inputs.from('skipping'),
      (ctx: StageContext) => ctx.inputs.from('skipping', 'x'),
      (ctx: StageContext) => ctx.inputs.require('skipping', 'x'),
    ]) {
      const error = await reading(read, ['skipping'], [skipping]);
      expect(error).toMatchObject({ code: 'INPUT_NO_OUTPUT', details: { state: 'skip', reason: 'nobody' } });
      expect(error.message).toContain('nobody');
    }
  });

  it('that is optional and has no output gives undefined', async () => {
    const skipping: HandStage = { name: 'skipping', run: () => StageOutput.skip('nobody') };
    const dependsOn = [{ stage: 'skipping', optional: true }];
    expect(await reading((ctx) => ctx.inputs.from('skipping'), dependsOn, [skipping])).toBeUndefined();
    expect(await reading((ctx) => ctx.inputs.from('skipping', 'x'), dependsOn, [skipping])).toBeUndefined();
    const error = await reading((ctx) => ctx.inputs.require('skipping', 'x'), dependsOn, [skipping]);
    expect(error).toMatchObject({ code: 'INPUT_KEY_MISSING', details: { available: [] } });
  });
});

describe.each([
  ['with dependencies (059)', ['fetch']],
  ['without dependencies (060)', []],
])('a stage %s that reads what it does not depend on', (_, dependsOn) => {
  const reads: [string, string, (ctx: StageContext) => unknown][] = [
    ['from', 'other', (ctx) => ctx.inputs.from('other')],
    ['from with a key', 'other', (ctx) => ctx.inputs.from('other', 'x')],
    ['require', 'other', (ctx) => ctx.inputs.require('other', 'x')],
    ['of', 'Other', (ctx) => ctx.inputs.of(Other)],
    ['status', 'other', (ctx) => ctx.inputs.status('other')],
    ['status of a class', 'Other', (ctx) => ctx.inputs.status(Other)],
    ['a stage that is not there', 'absent', (ctx) => ctx.inputs.from('absent')],
    ['itself', 'reader', (ctx) => ctx.inputs.from('reader')],
  ];

  it.each(reads)(
    'by %s gets INPUT_UNDECLARED: reader, target, what is declared, the fix',
    async (_name, target, read) => {
      const error = await reading(read, dependsOn);
      expect(error).toMatchObject({
        code: 'INPUT_UNDECLARED',
        details: { reader: 'reader', target, declared: dependsOn },
      });
      expect(error.message).toContain('"reader"');
      expect(error.fix).toContain(target);
    },
  );

  it.each([[''], ['  '], [null], [undefined], [7]])('by the key %j gets INPUT_KEY_INVALID', async (key) => {
    const expected = { code: 'INPUT_KEY_INVALID', details: { reader: 'reader', declared: dependsOn } };
    expect(await reading((ctx) => ctx.inputs.get(key as string), dependsOn)).toMatchObject(expected);
    if (dependsOn.length === 0) return;
    expect(await reading((ctx) => ctx.inputs.from('fetch', key as string), dependsOn)).toMatchObject(expected);
    expect(await reading((ctx) => ctx.inputs.require('fetch', key as string), dependsOn)).toMatchObject(expected);
  });

  it('by a blank stage name gets INPUT_KEY_INVALID', async () => {
    for (const name of ['', ' ']) {
      expect(await reading((ctx) => ctx.inputs.from(name), dependsOn)).toMatchObject({ code: 'INPUT_KEY_INVALID' });
    }
  });
});

describe('an ambiguous read', () => {
  const twice: HandStage[] = ['one', 'two'].map((name) => ({ name, stageClass: Other, run: () => ({ same: name }) }));

  it('of a key that several dependencies have is INPUT_AMBIGUOUS and names two', async () => {
    const error = await reading((ctx) => ctx.inputs.get('same'), ['one', 'two'], twice);
    expect(error).toMatchObject({ code: 'INPUT_AMBIGUOUS', details: { key: 'same', stages: ['one', 'two'] } });
  });

  it('of a class that is there more than once is INPUT_AMBIGUOUS, unless only one of them is a dependency', async () => {
    const error = await reading((ctx) => ctx.inputs.of(Other), ['one', 'two'], twice);
    expect(error).toMatchObject({ code: 'INPUT_AMBIGUOUS', details: { stages: ['one', 'two'] } });
    expect(await reading((ctx) => ctx.inputs.of(Other), ['two'], twice)).toEqual({ same: 'two' });
  });
});

it('a stage with many dependencies reads each, and none other', async () => {
  const many = Array.from({ length: 40 }, (_, i) => ({ name: `s${i}`, run: () => ({ i }) }));
  const dependsOn = many.slice(0, 39).map(({ name }) => name);
  const sum = (ctx: StageContext) => dependsOn.reduce((total, name) => total + ctx.inputs.from(name, 'i'), 0);
  expect(await reading(sum, dependsOn, many)).toBe(741);
  expect(await reading((ctx) => ctx.inputs.from('s39'), dependsOn, many)).toMatchObject({ code: 'INPUT_UNDECLARED' });
});
