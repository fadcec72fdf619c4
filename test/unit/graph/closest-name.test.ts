import { describe, expect, it } from 'vitest';
import { ClosestName, editDistance } from '../../../src/graph/closest-name.js';

const closest = (wanted: string, ...names: string[]) =>
  new ClosestName(new Map(names.map((name, i) => [name, i]))).of(wanted);

describe('ClosestName', () => {
  it('prefers the closest, then the first', () => {
    expect(closest('stage-one', 'stage-two', 'stage-ones', 'stage-onee')).toBe('stage-ones');
    expect(closest('fetch', 'fetches', 'Fetch')).toBe('Fetch');
  });

  it('suggests nothing for names too short or too different', () => {
    expect(closest('b', 'a')).toBeUndefined();
    expect(closest('fetch', 'route')).toBeUndefined();
    expect(closest('x'.repeat(1_000), 'x'.repeat(999))).toBeUndefined();
  });
});

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
  ])('from %j to %j is %i', (a, b, distance) => {
    expect(editDistance(a, b, 10)).toBe(distance);
    expect(editDistance(b, a, 10)).toBe(distance);
  });

  it('stops once it is past the limit', () => {
    expect(editDistance('abcdefgh', 'stuvwxyz', 2)).toBeGreaterThan(2);
  });
});
