// The entry for vitest. It loads nothing of vitest: what to extend is handed to it.
import { type RunAssertions, runMatchers } from './run-matchers.js';

declare module 'vitest' {
  // The parameter has to be there, for both declarations to be one.
  interface Matchers<T = any> extends RunAssertions<void> {}
}

/** Teaches `expect` of vitest the matchers for runs, once, in a setup file: `installMatchers(expect)`. */
// any: the matchers that vitest takes are typed by vitest, which nothing here imports.
export function installMatchers(expect: { extend(matchers: Record<string, any>): void }): void {
  expect.extend({ ...runMatchers });
}
