import { DefinitionError, type ErrorCode, type Problem } from '../../../src/errors/index.js';

/** The problems of the DefinitionError that `decorate` must throw. */
export function problemsOf(decorate: () => unknown): readonly Problem[] {
  try {
    decorate();
  } catch (error) {
    if (error instanceof DefinitionError) return error.problems;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** The one problem, whose code must be `code`. */
export function problemOf(code: ErrorCode, decorate: () => unknown): Problem {
  const problems = problemsOf(decorate);
  const [problem] = problems;
  if (problem === undefined || problems.length > 1 || problem.code !== code) {
    throw new Error(`Expected one ${code}, got ${problems.map((p) => `${p.code}: ${p.message}`).join('; ')}`);
  }
  return problem;
}

/** What untyped code can pass: the run-time checks are for it. */
export const untyped = (value: unknown): never => value as never;
