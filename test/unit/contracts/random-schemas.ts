import fc from 'fast-check';
import { z } from 'zod';

const bound = fc.integer({ min: 0, max: 3 });
const name = fc.constantFrom('a', 'b', 'c');

/** Schemas of texts, numbers and other values without parts. */
export const leaves: fc.Arbitrary<z.ZodType> = fc.oneof(
  fc.tuple(bound, bound).map(([a, b]): z.ZodType => z.string().min(Math.min(a, b)).max(Math.max(a, b))),
  bound.map((low): z.ZodType => z.number().min(low)),
  bound.map(
    (low): z.ZodType =>
      z
        .int()
        .gt(low - 1)
        .lte(3),
  ),
  fc.subarray(['a', 'bb', 'ccc'], { minLength: 1 }).map((values): z.ZodType => z.enum(values)),
  fc.constantFrom<z.ZodType>(z.literal(1), z.boolean(), z.null(), z.string(), z.number(), z.unknown()),
);

/** Small zod schemas over a small world, so that two of them often overlap. */
export const schemas: fc.Arbitrary<z.ZodType> = fc.letrec<{ any: z.ZodType }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    leaves,
    tie('any').map((one): z.ZodType => one.nullable()),
    tie('any').map((one): z.ZodType => z.array(one).max(2)),
    fc.tuple(tie('any'), tie('any')).map((pair): z.ZodType => z.union(pair)),
    fc
      .tuple(
        fc.dictionary(name, fc.tuple(tie('any'), fc.boolean()), { maxKeys: 2 }),
        fc.constantFrom('strip', 'strict', 'loose'),
      )
      .map(([fields, form]): z.ZodType => {
        const shape = Object.fromEntries(
          Object.entries(fields).map(([key, [one, isOptional]]) => [key, isOptional ? one.optional() : one]),
        );
        return { strip: z.object, strict: z.strictObject, loose: z.looseObject }[form]!(shape);
      }),
    tie('any').map((one): z.ZodType => z.record(z.string(), one)),
  ),
})).any;

/** Of every kind of leaf, something on either side of every bound. */
export const leafValues: readonly unknown[] = [
  ...[-1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 5],
  ...['', 'a', 'bb', 'ccc', 'x', 'xx', 'xxx', 'xxxx'],
  ...[true, false, null],
];

/** Values of the same world. */
export const values: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>('', 'a', 'bb', 'ccc', 'dddd', 0, 1, 1.5, 2, 3, 4, -1, true, false, null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any as fc.Arbitrary<unknown>;
