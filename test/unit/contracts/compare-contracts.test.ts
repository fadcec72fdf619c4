import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ContractPolicy, compareContracts, contractOf, type JsonSchema } from '../../../src/contracts/index.js';
import { schemas } from './random-schemas.js';

const changes = (before: z.ZodType, after: z.ZodType, policy: ContractPolicy = {}) =>
  compareContracts(contractOf(before), contractOf(after), policy).changes.map(
    ({ path, change, verdict }) => `${path} ${change} ${verdict}`,
  );
/** An object with `a`, and more. */
const o = (more: z.ZodRawShape = {}) => z.object({ a: z.string(), ...more });
const s = z.string();
const circle = z.object({ kind: z.literal('circle'), radius: z.number() });
const square = z.object({ kind: z.literal('square'), side: z.number() });

describe('the next version of a contract', () => {
  it.each<[string, z.ZodType, z.ZodType, string[]]>([
    ['may add an optional field, with a warning', o(), o({ b: s.optional() }), ['b added-optional warning']],
    ['breaks by adding a required field', o(), o({ b: s }), ['b added-required breaking']],
    ['breaks by removing a field', o({ b: s }), o(), ['b removed breaking']],
    ['breaks by requiring an optional field', o({ b: s.optional() }), o({ b: s }), ['b became-required breaking']],
    ['breaks by no longer requiring one', o({ b: s }), o({ b: s.optional() }), ['b became-optional breaking']],
    ['breaks by null where there was none', o({ b: s }), o({ b: s.nullable() }), ['b became-nullable breaking']],
    ['breaks by no null any more', o({ b: s.nullable() }), o({ b: s }), ['b no-longer-nullable breaking']],
    [
      'breaks by another type of a nullable field',
      o({ b: s.nullable() }),
      o({ b: z.number().nullable() }),
      ['b type-changed breaking'],
    ],
    [
      'breaks by another type of an optional field',
      o({ b: s.optional() }),
      o({ b: z.number().optional() }),
      ['b type-changed breaking'],
    ],
    [
      'breaks deep down, at the path',
      o({ b: o({ c: s.optional() }) }),
      o({ b: o({ c: s }) }),
      ['b.c became-required breaking'],
    ],
    ['breaks in lists', o({ b: z.array(o({ c: s })) }), o({ b: z.array(o()) }), ['b[].c removed breaking']],
    ['breaks in maps', z.record(s, z.number()), z.record(s, s), ['[*] type-changed breaking']],
    ['breaks by a further literal', o({ b: z.enum(['x']) }), o({ b: z.enum(['x', 'y']) }), ['b widened breaking']],
    ['breaks by a literal less', o({ b: z.enum(['x', 'y']) }), o({ b: z.enum(['x']) }), ['b narrowed breaking']],
    ['breaks by a tighter bound', o({ b: s.min(1) }), o({ b: s.min(2) }), ['b narrowed breaking']],
    ['breaks by a looser bound', o({ b: z.number().max(1) }), o({ b: z.number().max(2) }), ['b widened breaking']],
    ['breaks by bounds of a list', z.array(s).max(3), z.array(s).max(2), [' narrowed breaking']],
    ['breaks by fractions', o({ b: z.int() }), o({ b: z.number() }), ['b widened breaking']],
    [
      'breaks by a further variant',
      z.union([circle]),
      z.discriminatedUnion('kind', [circle, square]),
      [' widened breaking'],
    ],
    ['breaks by a further type', o({ b: z.union([s, z.number()]) }), o({ b: s }), ['b narrowed breaking']],
    ['is suspected for another pattern', o({ b: s.regex(/a/) }), o({ b: s.regex(/b/) }), ['b undecided breaking']],
    ['breaks by refusing unknown keys', z.looseObject({}), z.object({}), [' closed breaking']],
    ['warns of unknown keys', z.object({}), z.looseObject({}), [' opened warning']],
    ['is compatible if nothing changed', o({ b: circle, c: z.array(s) }), o({ b: circle, c: z.array(s) }), []],
  ])('%s', (_what, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it('has the verdict of its worst change, and says what to do about each', () => {
    const result = compareContracts(contractOf(o({ b: s })), contractOf(o({ c: s.optional() })));
    expect(result.verdict).toBe('breaking');
    expect(result.changes.map(({ path, suggestion }) => `${path}: ${suggestion}`)).toEqual([
      'b: Keep it, optional, until nobody reads it, or publish the next version.',
      'c: See that readers which refuse unknown keys know it.',
    ]);
    expect(compareContracts(contractOf(o()), contractOf(o()))).toEqual({ verdict: 'compatible', changes: [] });
  });
});

describe('whom a change breaks', () => {
  it.each<[string, z.ZodType, z.ZodType, reader: string, writer: string]>([
    ['an added optional field', o(), o({ b: s.optional() }), 'warning', 'compatible'],
    ['an added required field', o(), o({ b: s }), 'warning', 'breaking'],
    ['a removed field', o({ b: s }), o(), 'breaking', 'warning'],
    ['a field that became required', o({ b: s.optional() }), o({ b: s }), 'compatible', 'breaking'],
    ['a field that became optional', o({ b: s }), o({ b: s.optional() }), 'breaking', 'compatible'],
    ['a field that became nullable', o({ b: s }), o({ b: s.nullable() }), 'breaking', 'compatible'],
    ['a widened field', o({ b: z.int() }), o({ b: z.number() }), 'breaking', 'compatible'],
    ['a narrowed field', o({ b: z.number() }), o({ b: z.int() }), 'compatible', 'breaking'],
    ['another type', o({ b: z.number() }), o({ b: s }), 'breaking', 'breaking'],
    ['another pattern', o({ b: s.regex(/a/) }), o({ b: s.regex(/b/) }), 'warning', 'warning'],
  ])('%s', (_what, before, after, reader, writer) => {
    const verdict = (direction: 'input' | 'output') =>
      compareContracts(contractOf(before), contractOf(after), { direction }).verdict;
    expect([verdict('output'), verdict('input')]).toEqual([reader, writer]);
  });

  it('is told by the side that is meant: a default is required of nobody', () => {
    expect(changes(o(), o({ b: s.default('x') }), { direction: 'input' })).toEqual(['b added-optional compatible']);
    expect(changes(o(), o({ b: s.default('x') }), { direction: 'output' })).toEqual(['b added-required warning']);
  });

  it('is a matter of policy for null', () => {
    expect(changes(o({ b: s }), o({ b: s.nullable() }), { nullable: 'warning' })).toEqual([
      'b became-nullable warning',
    ]);
    const input = { nullable: 'breaking', direction: 'input' } as const;
    expect(changes(o({ b: s }), o({ b: s.nullable() }), input)).toEqual(['b became-nullable compatible']);
  });
});

describe('what is compared', () => {
  it('may be DTO classes, and recursive', () => {
    class First {
      @IsString() name!: string;
      @IsOptional() @ValidateNested() @Type(() => First) next?: First;
    }
    class Second {
      @IsInt() name!: number;
      @IsOptional() @ValidateNested() @Type(() => Second) next?: Second;
    }
    expect(compareContracts(contractOf(First), contractOf(First)).changes).toEqual([]);
    expect(
      compareContracts(contractOf(First), contractOf(Second)).changes.map(({ path, change }) => [path, change]),
    ).toEqual([
      ['name', 'type-changed'],
      ['next.name', 'type-changed'],
    ]);
  });

  it('may be JSON Schemas as they were stored, in other words for the same', () => {
    const stored = JSON.parse(JSON.stringify(contractOf(o({ b: s.nullable() })).toJsonSchema())) as JsonSchema;
    expect(compareContracts(stored, contractOf(o({ b: s.nullable() }))).verdict).toBe('compatible');
    const b = (schema: unknown): JsonSchema => ({ type: 'object', properties: { b: schema } });
    const nullable = b({ type: 'string', nullable: true });
    for (const same of [{ type: ['string', 'null'] }, { anyOf: [{ type: 'string' }, { type: 'null' }] }]) {
      expect(compareContracts(nullable, b(same)).changes).toEqual([]);
    }
    const referring = { ...b({ $ref: '#/$defs/t', description: 'x' }), $defs: { t: { type: 'string', minLength: 2 } } };
    expect(compareContracts(referring, b({ allOf: [{ type: 'string' }, { minLength: 2 }] })).changes).toEqual([]);
    expect(compareContracts(b({ const: 1 }), b({ enum: [1] })).changes).toEqual([]);
  });

  it('is undecided where keywords are not understood or refer to nothing', () => {
    const text = (more: object): JsonSchema => ({ type: 'string', ...more });
    const undecided = (before: JsonSchema, after: JsonSchema) =>
      compareContracts(before, after).changes.map(({ change }) => change);
    expect(undecided(text({ not: { const: 'a' } }), text({ not: { const: 'b' } }))).toEqual(['undecided']);
    expect(undecided(text({ not: { const: 'a' } }), text({ not: { const: 'a' } }))).toEqual([]);
    expect(undecided({ $ref: '#/$defs/gone' }, text({}))).toEqual(['undecided']);
    expect(undecided({ $ref: '#' }, text({}))).toEqual(['undecided']);
  });

  it('ends where many schemas refer to each other', () => {
    const names = Array.from({ length: 12 }, (_, index) => `s${index}`);
    const properties = Object.fromEntries(names.map((name) => [name, { $ref: `#/$defs/${name}` }]));
    const document = (leaf: string): JsonSchema => ({
      $ref: '#/$defs/s0',
      $defs: Object.fromEntries(
        names.map((name) => [name, { type: 'object', properties: { ...properties, leaf: { type: leaf } } }]),
      ),
    });
    expect(compareContracts(document('string'), document('number')).verdict).toBe('breaking');
  });

  it('finds nothing changed in any schema compared with itself', () => {
    fc.assert(
      fc.property(schemas, (schema) => {
        const again = JSON.parse(JSON.stringify(contractOf(schema).toJsonSchema())) as JsonSchema;
        expect(compareContracts(contractOf(schema), again).changes).toEqual([]);
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});
