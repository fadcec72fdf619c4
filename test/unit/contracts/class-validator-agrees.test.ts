import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contractOf } from '../../../src/contracts/index.js';
import { PageDto } from './dtos.js';
import { issuesOf } from './results.js';

const anything = fc.oneof(fc.string(), fc.integer({ min: -3, max: 12 }), fc.double(), fc.boolean(), fc.constant(null));
const rarely = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything });
const author = fc.record({ name: rarely(fc.string()), email: rarely(fc.emailAddress()) }, { requiredKeys: [] });
const pages = fc.record(
  {
    title: rarely(fc.string()),
    size: rarely(fc.integer({ min: 1, max: 9 })),
    at: rarely(fc.constantFrom('2024-01-01', 'never')),
    author: rarely(author),
    tags: rarely(fc.array(rarely(fc.record({ label: rarely(fc.string()) })), { maxLength: 3 })),
    words: fc.array(rarely(fc.string()), { maxLength: 3 }), // text for a list of texts is taken by class-validator
    more: anything,
  },
  { requiredKeys: [] },
);

/** `author.name isString`, without the places in lists: class-validator does not tell those of `each`. */
function told(errors: readonly ValidationError[], path = ''): string[] {
  return errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const at = /^\d+$/.test(property) ? path : path === '' ? property : `${path}.${property}`;
    return [...Object.keys(constraints).map((name) => `${at} ${name}`), ...told(children, at)];
  });
}

it('what class-validator refuses is refused, by the same rules at the same places, and nothing else', () => {
  const contract = contractOf(PageDto);
  fc.assert(
    fc.property(pages, (value) => {
      const expected = told(validateSync(plainToInstance(PageDto, value), { whitelist: true }));
      const found = issuesOf(contract.check(value)).map(
        (one) => `${one.path.replace(/\[\d+\]/g, '')} ${one.constraint}`,
      );
      expect(new Set(found)).toEqual(new Set(expected));
    }),
    { seed: 7, numRuns: 150 },
  );
});
