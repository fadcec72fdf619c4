import { describe, expect, it } from 'vitest';
import { reasonFor } from '../refusals.js';
import { HOSTILE_TOKENS } from './hostile-tokens.js';
import { CANARY } from './tokens.js';

describe.each(Object.entries(HOSTILE_TOKENS))('tokens are refused %s, and leave no trace', (_, rows) => {
  it.each(rows)('$name', async ({ token, reason, verifier }) => {
    expect(await reasonFor(verifier, token, [CANARY])).toBe(reason);
  });
});

it('no two hostile tokens are called the same, and there are hundreds', () => {
  const names = Object.entries(HOSTILE_TOKENS).flatMap(([group, rows]) => rows.map(({ name }) => `${group}: ${name}`));
  expect(names.length).toBeGreaterThanOrEqual(300);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
