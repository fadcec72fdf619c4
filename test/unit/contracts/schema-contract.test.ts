import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract, contractOf, type StandardSchema } from '../../../src/contracts/index.js';
import { handedOn, issuesOf, linesOf } from './results.js';

const zodPage = z.object({
  title: z.string().min(3),
  count: z.string().transform(Number),
  lang: z.string().default('en'),
  tags: z.array(z.object({ label: z.string() })),
});
const valibotPage = v.object({
  title: v.pipe(v.string(), v.minLength(3)),
  count: v.pipe(v.string(), v.transform(Number)),
  lang: v.optional(v.string(), 'en'),
  tags: v.array(v.object({ label: v.string() })),
});
const page = { title: 'Home', count: '4', tags: [{ label: 'a' }] };

describe.each([
  ['zod', contractOf(zodPage)],
  ['valibot', contractOf(valibotPage)],
])('a schema of %s as contract', (vendor, pages) => {
  it('hands on its output: defaults and transforms applied, unknown keys left out, at once', () => {
    const value = Object.freeze({ ...page, more: 1 });
    expect(handedOn(pages.check(value))).toEqual({ ...page, count: 4, lang: 'en' });
    expect(value).toEqual({ ...page, more: 1 });
  });

  it('is called after its library unless it is given a name', () => {
    expect(pages).toMatchObject({ name: `${vendor} schema`, version: null, unknownKeys: null });
    expect(contractOf(pages.model as typeof zodPage)).toBe(pages);
  });

  it('says what is missing and wrong, with paths', () => {
    const lines = linesOf(pages.check({ title: 'H', tags: [{ label: 'a' }, { label: 4 }] }));
    expect(lines).toEqual(
      vendor === 'zod'
        ? ['title: must have at least 3 characters', 'count: is missing', 'tags[1].label: must be of type string']
        : ['title: must be >=3', 'count: is missing', 'tags[1].label: must be string'],
    );
  });

  it('takes nothing for everything', () => {
    expect(issuesOf(pages.check(undefined))).toMatchObject([{ path: '', received: 'undefined' }]);
  });
});

describe('what zod says', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a bound', z.number().lt(3), 3, ': must be less than 3'],
    ['a size', z.array(z.number()).max(1), [1, 2], ': must have at most 1 items'],
    ['a date bound', z.date().min(new Date(5)), new Date(1), ': is out of bounds'],
    ['a format', z.email(), 'x', ': must have the format email'],
    ['a step', z.number().multipleOf(5), 3, ': must be a multiple of 5'],
    ['an enum', z.enum(['a', 'b']), 'c', ': must be one of "a", "b"'],
    ['a literal', z.literal('a'), 'c', ': must be "a"'],
    ['a missing literal', z.object({ a: z.literal('x') }), {}, 'a: is missing'],
    ['a union', z.union([z.string(), z.number()]), true, ': fits none of the alternatives'],
    ['an unknown key', z.strictObject({}), { a: 1 }, 'a: is not a key of the contract'],
    ['a refinement', z.string().refine(() => false), 'a', ': does not satisfy the schema'],
    ['a key that is no name', z.record(z.string(), z.number()), { 'a b': '' }, '["a b"]: must be of type number'],
    ['a map', z.map(z.string(), z.number()), new Map([['k', '']]), 'k: must be of type number'],
  ])('of %s', (_what, schema, value, line) => {
    expect(linesOf(contractOf(schema).check(value))).toEqual([line]);
  });
});

describe('what valibot says', () => {
  it('of an unknown key and of a check', () => {
    expect(linesOf(contractOf(v.strictObject({})).check({ a: 1 }))).toEqual(['a: is not a key of the contract']);
    const schema = v.pipe(
      v.string(),
      v.check(() => false),
    );
    expect(linesOf(contractOf(schema).check('a'))).toEqual([': does not satisfy check']);
  });
});

describe('a schema that needs a promise', () => {
  it('gives one, which does not reject', async () => {
    const later = z.object({ a: z.string().refine(async (value) => value === 'ok') });
    expect(await contractOf(later).check({ a: 'ok' })).toEqual({ ok: true, value: { a: 'ok' } });
    expect(await contractOf(later).check({ a: 'no' })).toMatchObject({ ok: false, issues: [{ path: 'a' }] });
    expect(await contractOf(schemaOf(() => Promise.reject(new TypeError('no')))).check('')).toMatchObject({
      issues: [{ message: 'could not be checked: the schema threw TypeError' }],
    });
  });
});

describe('a schema of any other library', () => {
  it('may be a function, and may throw', () => {
    const schema = Object.assign(
      () => {},
      schemaOf((value) => ({ value: String(value) })),
    );
    expect(handedOn(contractOf(schema).check('a'))).toBe('a');
    const throwing = schemaOf(() => {
      throw new RangeError('no');
    });
    expect(linesOf(contractOf(throwing).check('a'))).toEqual([': could not be checked: the schema threw RangeError']);
    expect(() => contractOf(throwing).prepare()).not.toThrow();
  });
});

describe('contract()', () => {
  it('gives a schema a name and a version', () => {
    expect(contract('summary/v2', zodPage)).toMatchObject({ name: 'summary', version: 2, model: zodPage });
  });

  it.each(['summary', 'summary/2', 'summary/v0', 'summary/v1.5', '/v1', '1st/v1', 'a b/v1', '', 5])(
    'does not take the name %j: CONTRACT_INVALID',
    (label) => {
      expect(() => contract(label as string, zodPage)).toThrow(expect.objectContaining({ code: 'CONTRACT_INVALID' }));
    },
  );

  it('does not take a DTO class', () => {
    expect(() => contract('summary/v1', class Summary {} as never)).toThrow(
      expect.objectContaining({ code: 'CONTRACT_INVALID' }),
    );
  });
});

function schemaOf(validate: StandardSchema<string>['~standard']['validate']): StandardSchema<string> {
  return { '~standard': { version: 1, vendor: 'mine', validate } };
}
