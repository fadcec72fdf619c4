import 'reflect-metadata';
import { toJsonSchema } from '@valibot/to-json-schema';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsDate,
  IsEnum,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsPositive,
  IsString,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contract, contractOf, nameContract, UnknownKeys } from '../../../src/contracts/index.js';

/** What the compiler makes of an enum. */
const Level = { Low: 0, High: 1, 0: 'Low', 1: 'High' };
class Leaf {
  @IsString() @MaxLength(5) text!: string;
}
class Tree {
  @ValidateNested({ each: true }) @Type(() => Tree) @IsArray() @ArrayMaxSize(3) kids!: Tree[];
  @IsOptional() @ValidateNested() @Type(() => Leaf) leaf?: Leaf;
  @Min(1) @IsInt() before!: number;
  @IsInt() @Min(1) after!: number;
  @IsPositive() share!: number;
  @IsPositive({ each: true }) shares!: number[];
  @IsEnum(Level) level!: 0 | 1;
  @IsIn(['a', 'b']) letter!: string;
  @IsDate() @Type(() => Date) at!: Date;
  @IsNotEmpty() name!: string;
}

describe('the JSON Schema of a DTO', () => {
  it('refers to nested classes, itself included, and says what the rules say', () => {
    const schema = contractOf(Tree).toJsonSchema();
    const properties = {
      kids: { type: 'array', items: { $ref: '#' }, maxItems: 3 },
      leaf: { $ref: '#/$defs/Leaf' },
      before: { type: 'integer', minimum: 1 },
      after: { type: 'integer', minimum: 1 },
      share: { type: 'number', exclusiveMinimum: 0 },
      shares: { type: 'array', items: { type: 'number', exclusiveMinimum: 0 } },
      level: { enum: [0, 1] },
      letter: { type: 'string', enum: ['a', 'b'] },
      at: { type: 'string', format: 'date-time' },
      name: { type: 'string', minLength: 1 },
    };
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties,
    });
    expect(schema.required).not.toContain('leaf');
    expect(schema.required).toHaveLength(9);
    expect(schema.$defs).toMatchObject({
      Leaf: { type: 'object', properties: { text: { type: 'string', maxLength: 5 } }, required: ['text'] },
    });
  });

  it('is closed where unknown keys are refused, and on the output side where they are left out', () => {
    const closed = (side: 'input' | 'output', model: typeof Leaf) =>
      contractOf(model).toJsonSchema(side).additionalProperties;
    class Strict extends Leaf {}
    class Open extends Leaf {}
    nameContract(Strict, { name: 'strict', version: 1 }, UnknownKeys.Refuse);
    nameContract(Open, { name: 'open', version: 1 }, UnknownKeys.Keep);
    expect([closed('input', Leaf), closed('output', Leaf)]).toEqual([undefined, false]);
    expect([closed('input', Strict), closed('output', Strict)]).toEqual([false, false]);
    expect([closed('input', Open), closed('output', Open)]).toEqual([undefined, undefined]);
  });

  it('keeps two nested classes of one name apart', () => {
    const other = () => {
      class Same {
        @IsInt() count!: number;
      }
      return Same;
    };
    class Same {
      @IsString() text!: string;
    }
    const Second = other();
    class Holder {
      @ValidateNested() @Type(() => Same) a!: Same;
      @ValidateNested() @Type(() => Second) b!: InstanceType<typeof Second>;
    }
    expect(contractOf(Holder).toJsonSchema()).toMatchObject({
      properties: { a: { $ref: '#/$defs/Same' }, b: { $ref: '#/$defs/Same2' } },
      $defs: { Same: { properties: { text: {} } }, Same2: { properties: { count: {} } } },
    });
  });

  it('lists the variants that a discriminator chooses from', () => {
    class Base {
      @IsString() kind!: string;
    }
    class Circle extends Base {
      @IsInt() radius!: number;
    }
    class Holder {
      @ValidateNested()
      @Type(() => Base, {
        discriminator: {
          property: 'type',
          subTypes: [
            { name: 'c', value: Circle },
            { name: 'l', value: Leaf },
          ],
        },
      })
      shape!: Base;
    }
    expect(contractOf(Holder).toJsonSchema().properties).toEqual({
      shape: { anyOf: [{ $ref: '#/$defs/Circle' }, { $ref: '#/$defs/Leaf' }] },
    });
  });
});

describe('the JSON Schema of a schema', () => {
  const schema = z.object({ a: z.string().default('x'), b: z.string().transform(Number) });

  it('is what zod makes of it, on either side, and says nothing of a transform', () => {
    expect(contractOf(schema).toJsonSchema()).toMatchObject({
      properties: { a: { type: 'string' }, b: {} },
      required: ['a', 'b'],
    });
    expect(contractOf(schema).toJsonSchema('input')).toMatchObject({
      properties: { b: { type: 'string' } },
      required: ['b'],
    });
  });

  it('comes from toJSONSchema of a zod without the standard form', () => {
    const { validate } = schema['~standard'];
    const older = {
      '~standard': { version: 1 as const, vendor: 'zod', validate },
      toJSONSchema: (options: { io: string; target: string }) => ({ asked: [options.io, options.target] }),
    };
    expect(contractOf(older).toJsonSchema('input')).toEqual({ asked: ['input', 'draft-2020-12'] });
  });

  it('comes from a converter where one is given, and else there is CONTRACT_NO_JSON_SCHEMA', () => {
    const valibot = v.object({ a: v.string() });
    expect(contract('a/v1', valibot, { jsonSchema: (one) => toJsonSchema(one) }).toJsonSchema()).toMatchObject({
      properties: { a: { type: 'string' } },
      required: ['a'],
    });
    expect(() => contract('a/v1', valibot).toJsonSchema()).toThrow(
      expect.objectContaining({
        code: 'CONTRACT_NO_JSON_SCHEMA',
        message: expect.stringContaining('@valibot/to-json-schema'),
      }),
    );
  });

  it('is CONTRACT_NO_JSON_SCHEMA where converting throws or gives no object', () => {
    const cause = new Error('cannot');
    const throwing = contract('a/v1', schema, {
      jsonSchema: () => {
        throw cause;
      },
    });
    expect(() => throwing.toJsonSchema()).toThrow(expect.objectContaining({ code: 'CONTRACT_NO_JSON_SCHEMA', cause }));
    const empty = contract('a/v1', schema, { jsonSchema: () => [] });
    expect(() => empty.toJsonSchema()).toThrow(expect.objectContaining({ code: 'CONTRACT_NO_JSON_SCHEMA' }));
  });
});
