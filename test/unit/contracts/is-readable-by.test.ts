import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  Allow,
  IsDate,
  IsInt,
  IsOptional,
  IsString,
  MinLength,
  registerDecorator,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ContractSource, contractOf, isReadableBy } from '../../../src/contracts/index.js';
import { leafValues, leaves, schemas, values } from './random-schemas.js';
import { atOnce } from './results.js';

const between = (producer: ContractSource, consumer: ContractSource) => {
  const { verdict, problems } = isReadableBy(contractOf(producer), contractOf(consumer));
  return [verdict, ...problems.map(({ path, message }) => `${path}: ${message}`)];
};
const o = (more: z.ZodRawShape = {}) => z.object({ a: z.string(), ...more });
const b = (schema: z.ZodType) => z.object({ b: schema });
const circle = z.object({ kind: z.literal('circle'), radius: z.number() });
const square = z.object({ kind: z.literal('square'), side: z.number() });
const shapes = z.discriminatedUnion('kind', [circle, square]);

class AuthorDto {
  @IsString() @MinLength(2) name!: string;
}
class PageDto {
  @ValidateNested() @Type(() => AuthorDto) author!: AuthorDto;
  @IsDate() @Type(() => Date) at!: Date;
  @IsOptional() @IsInt() size?: number;
}

describe('a consumer can read a producer', () => {
  it.each<[string, ContractSource, ContractSource]>([
    ['of the same contract', PageDto, PageDto],
    ['that hands on more than it names', o({ b: z.number() }), o()],
    ['that leaves out what is optional', o(), o({ b: z.string().optional() })],
    ['that leaves out what has a default', o(), o({ b: z.string().default('x') })],
    ['that is stricter in literals', b(z.literal('x')), b(z.string().max(3))],
    ['that is stricter in bounds', b(z.int().min(3)), b(z.number().gt(2))],
    ['that hands on one of its variants', circle, shapes],
    ['whose variants are its own', z.union([square, circle]), shapes],
    ['whose true and false are all there is', b(z.boolean()), b(z.union([z.literal(true), z.literal(false)]))],
    [
      'that is a DTO class, in another library',
      PageDto,
      z.object({ author: z.object({ name: z.string() }), at: z.date() }),
    ],
    ['through anything', PageDto, z.unknown()],
    ['whose whole numbers start where its own do', b(z.int().positive()), b(z.int().min(1))],
  ])('%s', (_what, producer, consumer) => {
    expect(between(producer, consumer)).toEqual(['yes']);
  });
});

describe('a consumer cannot read a producer', () => {
  it.each<[string, ContractSource, ContractSource, string[]]>([
    ['that lacks a field', o(), o({ b: z.string() }), ['b: is never there']],
    ['that may leave it out', o({ b: z.string().optional() }), o({ b: z.string() }), ['b: may be missing']],
    [
      'with a field it refuses',
      o({ b: z.string() }),
      z.strictObject({ a: z.string() }),
      ['b: is a key that is refused'],
    ],
    [
      'with open keys it refuses',
      z.looseObject({}),
      z.strictObject({}),
      [': may have further keys, which are refused'],
    ],
    ['with null', b(z.string().nullable()), b(z.string()), ['b: may be null']],
    ['with another type', b(z.number()), b(z.string()), ['b: may be a number where a string is expected']],
    ['with a Date for text', PageDto, z.object({ at: z.string() }), ['at: may be a Date where a string is expected']],
    [
      'with a looser bound',
      b(z.string()),
      b(z.string().max(2)),
      ['b: may have a maxLength of any size where 2 is allowed'],
    ],
    ['with fractions', b(z.number()), b(z.int()), ['b: may have a fraction']],
    ['with free text for literals', b(z.string()), b(z.enum(['x', 'y'])), ['b: may be something else than "x", "y"']],
    [
      'with another variant',
      z.object({ s: shapes }),
      z.object({ s: circle }),
      ['s.radius: is never there', 's.kind: may be "square"'],
    ],
    [
      'deep down',
      PageDto,
      z.object({ author: z.object({ name: z.string().min(3) }) }),
      ['author.name: may have a minLength of 2 where 3 is needed'],
    ],
  ])('%s', (_what, producer, consumer, problems) => {
    expect(between(producer, consumer)).toEqual(['no', ...problems]);
  });
});

describe('it is unknown', () => {
  class Ruled {
    @Even() b!: number;
  }
  class Sometimes {
    @ValidateIf(() => false) @IsString() b!: string;
  }
  class Free {
    @Allow() b!: unknown;
  }

  it.each<[string, ContractSource, ContractSource, string]>([
    [
      'of a refinement',
      b(z.string()),
      b(z.string().refine(() => true)),
      'b: must satisfy refine, which cannot be compared',
    ],
    [
      'of a trimmed text',
      b(z.string().min(1)),
      b(z.string().trim().min(1)),
      'b: must satisfy refine, which cannot be compared',
    ],
    ['of coercion', b(z.string()), b(z.coerce.number()), 'b: must satisfy number, which cannot be compared'],
    [
      'of a preparation',
      b(z.string()),
      b(z.preprocess(String, z.number())),
      'b: must satisfy pipe, which cannot be compared',
    ],
    ['of a custom schema', b(z.string()), b(z.custom(() => true)), 'b: must satisfy custom, which cannot be compared'],
    [
      'of a transform',
      b(z.string().transform(Number)),
      b(z.number()),
      'b: may be anything, as far as the contract says',
    ],
    ['of a rule of its own', b(z.number()), Ruled, 'b: must satisfy even, which cannot be compared'],
    ['of a rule that holds sometimes', b(z.number()), Sometimes, 'b: must satisfy condition, which cannot be compared'],
    ['of a field that may be anything', Free, b(z.string()), 'b: may be anything, as far as the contract says'],
    [
      'of another pattern',
      b(z.string().regex(/a/)),
      b(z.string().regex(/b/)),
      'b: has a pattern that cannot be compared',
    ],
    [
      'of a contract without JSON Schema',
      v.object({}),
      o(),
      ': cannot be compared: Contract valibot schema has no JSON Schema: valibot does not convert its schemas by itself.',
    ],
  ])('%s', (_what, producer, consumer, problem) => {
    expect(between(producer, consumer)).toEqual(['unknown', problem]);
  });
});

it('never says yes where a value is handed on and refused', () => {
  fc.assert(
    fc.property(schemas, schemas, fc.array(values, { minLength: 8, maxLength: 8 }), (producer, consumer, tried) => {
      fc.pre(isReadableBy(contractOf(producer), contractOf(consumer)).verdict === 'yes');
      for (const value of tried) {
        const handed = atOnce(contractOf(producer).check(value));
        if (handed.ok) expect(atOnce(contractOf(consumer).check(handed.value))).toMatchObject({ ok: true });
      }
    }),
    { seed: 7, numRuns: 40, maxSkipsPerRun: 100 },
  );
});

it('never says no where nothing that is handed on is refused', () => {
  fc.assert(
    fc.property(leaves, leaves, (first, second) => {
      const [producer, consumer] = [contractOf(first), contractOf(second)];
      const isRefused = (value: unknown) => atOnce(producer.check(value)).ok && !atOnce(consumer.check(value)).ok;
      const expected = leafValues.some(isRefused) ? ['no', 'unknown'] : ['yes', 'unknown'];
      expect(expected).toContain(isReadableBy(producer, consumer).verdict);
    }),
    { seed: 7, numRuns: 300 },
  );
});

function Even() {
  return (prototype: object, propertyName: string) =>
    registerDecorator({
      name: 'even',
      target: prototype.constructor,
      propertyName,
      validator: { validate: (value: number) => value % 2 === 0 },
    });
}
