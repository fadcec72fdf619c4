import type { RecordedRun } from './recorded-run.js';
import { type RunAssertions, runMatchers, type Verdict } from './run-matchers.js';

type Matcher = (run: RecordedRun, ...args: readonly any[]) => Verdict; // each matcher has arguments of its own

/**
 * Says something of a run and throws if it is not so: for node:test, or wherever no `expect` is at hand.
 * `expectRun(run).toHaveCompleted(Parse)`, `expectRun(run).not.toHaveSkipped(Parse)`.
 */
export function expectRun(run: RecordedRun): RunAssertions & { readonly not: RunAssertions } {
  return Object.freeze({ ...assertions(run, true), not: Object.freeze(assertions(run, false)) });
}

function assertions(run: RecordedRun, wanted: boolean): RunAssertions {
  const entries = Object.entries<Matcher>(runMatchers).map(([name, matcher]) => {
    const assertion = (...args: readonly unknown[]): void => {
      const { pass, message } = matcher(run, ...args);
      if (pass !== wanted) throw new Error(message());
    };
    return [name, assertion];
  });
  return Object.fromEntries(entries) as RunAssertions;
}
