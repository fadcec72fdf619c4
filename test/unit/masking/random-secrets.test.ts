import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Masker } from '../../../src/masking/index.js';

/** Upper case and digits in front: no word, key or number of the surroundings looks like it by chance. */
const secret = fc
  .tuple(fc.constantFrom('S3', 'ZZ9'), fc.string({ minLength: 4, maxLength: 24, unit: 'grapheme' }))
  .map(([head, tail]) => head + tail)
  .filter((text) => text.trim() === text && !'[masked]'.includes(text));
const quiet = fc.string({ maxLength: 8, unit: fc.constantFrom(...'abc "\\.:/') });

/** Any structure around some leaves. */
const around = (leaf: fc.Arbitrary<unknown>) =>
  fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('array'), tie('object'), tie('special')),
    array: fc.array(tie('any'), { maxLength: 4 }),
    object: fc.dictionary(quiet, tie('any'), { maxKeys: 4 }),
    special: fc.oneof(
      fc.array(fc.tuple(leaf, tie('any')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
      fc.array(tie('any'), { maxLength: 3 }).map((items) => new Set(items)),
      fc.tuple(quiet, tie('any')).map(([message, cause]) => new Error(message, { cause })),
      tie('any').map((inside) => ({ toJSON: () => inside })),
    ),
  })).any;

const written = (text: string) =>
  fc.constantFrom(text, JSON.stringify({ text }), encodeURIComponent(text), btoa(encodeURIComponent(text)));
const carriers = (secrets: readonly string[]) =>
  fc.oneof(
    quiet,
    fc.constantFrom(null, true, 7, 1.5),
    fc.tuple(quiet, fc.constantFrom(...secrets).chain(written), quiet).map((parts) => parts.join('')),
    fc.tuple(...secrets.map((text) => fc.constant(text))).map((parts) => parts.join('')),
    fc.constantFrom(...secrets).map((text) => ({ [text]: text, [`x${text}`]: 1 })),
    fc.constantFrom(...secrets).map((text) => new Error(`no ${text}`)),
  );
const cases = fc
  .array(secret, { minLength: 1, maxLength: 5 })
  .chain((secrets) => fc.tuple(fc.constant(secrets), around(carriers(secrets))));

describe('whatever surrounds it', () => {
  it('no collected secret survives', () => {
    fc.assert(
      fc.property(cases, ([secrets, value]) => {
        const masker = new Masker();
        masker.collect({ nested: [{ credentials: secrets }] });
        const masked = masker.mask({ value });
        const shown = [JSON.stringify(masked), inspect(masked, { depth: 50, maxArrayLength: null, compact: true })];
        for (const text of secrets) {
          for (const output of shown) expect(output.includes(JSON.stringify(text).slice(1, -1))).toBe(false);
        }
        expect(masker.mask(masked)).toBe(masked);
      }),
      { seed: 149, numRuns: 150 },
    );
  });

  it('no collected secret survives in a text', () => {
    const texts = fc
      .array(secret, { minLength: 1, maxLength: 5 })
      .chain((secrets) => fc.tuple(fc.constant(secrets), fc.array(fc.oneof(quiet, fc.constantFrom(...secrets)))));
    fc.assert(
      fc.property(texts, ([secrets, parts]) => {
        const masker = new Masker();
        masker.collect({ token: secrets });
        const masked = masker.maskText(parts.join(''));
        for (const text of secrets) expect(masked.includes(text)).toBe(false);
        if (!parts.some((part) => secrets.includes(part))) expect(masked).toBe(parts.join(''));
      }),
      { seed: 149, numRuns: 150 },
    );
  });

  it('a value without a secret comes back as the same object', () => {
    fc.assert(
      fc.property(fc.array(secret, { maxLength: 5 }), around(quiet), (secrets, value) => {
        const masker = new Masker();
        masker.collect({ token: secrets });
        expect(masker.mask(value)).toBe(value);
      }),
      { seed: 149, numRuns: 150 },
    );
  });
});
