import type { ErrorCode, Problem } from '../errors/index.js';

/** Collects what is wrong with an application, so that all of it is reported at once, and each thing once. */
export class ProblemList {
  readonly problems: Problem[] = [];
  readonly #known = new Set<string>();

  add(code: ErrorCode, message: string, fix: string, details: Readonly<Record<string, unknown>>): void {
    this.include([{ code, message, fix, details: Object.freeze(details) }]);
  }

  include(problems: readonly Problem[]): void {
    for (const problem of problems) {
      const key = `${problem.code} ${problem.message}`;
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.problems.push(Object.freeze(problem));
    }
  }
}

/** A value as it may stand in a message. */
export function nameValue(value: unknown): string {
  if (typeof value === 'function') return value.name || 'an anonymous class';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const name = value.constructor?.name;
  return name === undefined || name === 'Object' ? 'an object' : `an object of ${name}`;
}

/** What is undefined at load time but not in the source. */
export const CIRCULAR_FILES = 'If it is defined in its own file, the two files import each other in a circle.';
