import 'reflect-metadata';
import { inspect } from 'node:util';
import { Transform } from 'class-transformer';
import { Equals, IsEmail, IsIn, IsString, Length, Matches, registerDecorator, ValidateNested } from 'class-validator';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ContractSource, contractOf, contractViolation } from '../../../src/contracts/index.js';

const SECRET = 'hunter2-hunter2';

class Inner {
  @IsIn(['a', 'b'], { message: '$value is not one of $constraint1' })
  choice!: string;
}

class LeakyDto {
  @IsEmail({}, { message: '$value is no address' })
  address!: string;
  @Matches(/^\d+$/, { message: ({ value }) => `got ${value}` })
  digits!: string;
  @Length(1, 3, { message: (given) => `${given.object && JSON.stringify(given.object)} is too long` })
  short!: string;
  @Equals('x')
  equal!: string;
  @Talkative()
  told!: string;
  @IsString({ each: true })
  list!: unknown[];
  @ValidateNested()
  inner!: Inner;
}

class ThrowingDto {
  @IsString()
  @Transform(({ value }) => {
    throw new Error(`cannot read ${value}`);
  })
  address!: string;
}

function Talkative() {
  return (prototype: object, propertyName: string) =>
    registerDecorator({
      name: 'talkative',
      target: prototype.constructor,
      propertyName,
      validator: { validate: () => false, defaultMessage: (given) => `${given?.value} is wrong` },
    });
}

const bad = Object.assign(new LeakyDto(), {
  address: SECRET,
  digits: SECRET,
  short: SECRET,
  equal: SECRET,
  told: SECRET,
  list: [{ deep: SECRET }, 5],
  inner: Object.assign(new Inner(), { choice: SECRET }),
});

const zodSchema = z.object({
  address: z.email({ error: (issue) => `${issue.input} is no address` }),
  digits: z.enum(['a', 'b']),
  short: z.string().max(3),
  equal: z.literal('x', { error: ({ input }) => `not ${input}` }),
  told: z.string().superRefine((value, ctx) => ctx.addIssue({ code: 'custom', message: value, params: { value } })),
  list: z.array(z.union([z.number(), z.string()])),
  inner: z.strictObject({}),
});
const throwing = z.object({ address: z.string().transform((value) => fail(value)) });
const valibotSchema = v.object({
  address: v.pipe(v.string(), v.email()),
  digits: v.picklist(['a', 'b']),
  short: v.pipe(v.string(), v.maxLength(3)),
  equal: v.literal('x'),
  told: v.pipe(
    v.string(),
    v.check(
      () => false,
      (issue) => `${issue.input}`,
    ),
  ),
  list: v.array(v.union([v.number(), v.string()])),
});
const unknownLibrary = {
  '~standard': {
    version: 1 as const,
    vendor: 'mine',
    validate: (value: unknown) => ({
      issues: [{ message: JSON.stringify(value), path: ['address'], code: SECRET, expected: SECRET, type: SECRET }],
    }),
  },
};

function fail(value: string): never {
  throw new Error(`cannot read ${value}`);
}

describe('a secret in a bad value is in no issue, error, message or JSON', () => {
  it.each<[string, ContractSource, unknown]>([
    ['of a DTO instance', LeakyDto, bad],
    ['of a plain object', LeakyDto, JSON.parse(JSON.stringify(bad))],
    ['of a DTO whose transform throws', ThrowingDto, bad],
    ['of a zod schema', zodSchema, bad],
    ['of a zod schema whose transform throws', throwing, bad],
    ['of a valibot schema', valibotSchema, bad],
    ['of an unknown library', unknownLibrary, bad],
    ['of a value that is no object', LeakyDto, SECRET],
  ])('%s', async (_what, source, value) => {
    const result = await contractOf(source).check(value);
    if (result.ok) throw new Error('It passed.');
    const error = contractViolation({ contract: contractOf(source), subject: 'the input', issues: result.issues });
    const texts = [
      JSON.stringify(result),
      JSON.stringify(error),
      error.message,
      inspect(error, { depth: 9 }),
      error.stack,
    ];
    expect(texts.filter((text) => text?.includes(SECRET))).toEqual([]);
    expect(result.issues.length).toBeGreaterThan(0);
  });

  it('and the messages still say what is wrong', async () => {
    const result = await contractOf(LeakyDto).check(bad);
    expect(result.ok ? [] : result.issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'address: the value is no address',
      'digits: got undefined',
      'short: {} is too long',
      'equal: must be equal to x',
      'told: undefined is wrong',
      'list[0]: must be a string',
      'list[1]: must be a string',
      'inner.choice: the value is not one of a, b',
    ]);
  });
});
