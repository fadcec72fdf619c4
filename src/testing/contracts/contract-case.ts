import { isDeepStrictEqual } from 'node:util';
import { show } from '../differences.js';

/** One test, for whatever test runner you use. */
export interface ContractCase {
  /** A sentence that begins with what is kept. */
  readonly name: string;
  /** Rejects with what is wrong. */
  run(): Promise<void>;
}

/** What vitest, jest and node:test all offer. */
export interface TestFramework {
  // Each of them hands things of its own to the functions it calls, and gives back something else.
  describe(name: string, define: () => void): unknown;
  it(name: string, run: () => Promise<void>): unknown;
}

/** Defines a suite of cases: `defineContract('my store', contractCases.idempotencyStore(make), { describe, it })`. */
export function defineContract(name: string, cases: readonly ContractCase[], { describe, it }: TestFramework): void {
  describe(name, () => {
    for (const { name: sentence, run } of cases) it(sentence, () => run());
  });
}

export function demand(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

export function demandEqual(received: unknown, expected: unknown, what: string): void {
  demand(isDeepStrictEqual(received, expected), `${what} should be ${show(expected)}, but is ${show(received)}.`);
}
