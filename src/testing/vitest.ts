// The entry for vitest. It imports nothing of vitest: what to extend is handed to it.
import { type RunAssertions, runMatchers } from './run-matchers.js';

declare global {
  // Where vitest and jest both look for the matchers of others. The parameters have to be theirs.
  namespace jest {
    interface Matchers<R, T = {}> extends RunAssertions<R> {}
  }
}

/** Teaches `expect` of vitest the matchers for runs, once, in a setup file: `installMatchers(expect)`. */
// any: the matchers that vitest takes are typed by vitest, which nothing here imports.
export function installMatchers(expect: { extend(matchers: Record<string, any>): void }): void {
  expect.extend({ ...runMatchers });
}
