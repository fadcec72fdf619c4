import { formatPath, type Step } from './field-path.js';
import type { PayloadProblem } from './payload-problem.js';

/** Deeper data is refused. Far beyond what people nest, and within what `JSON.stringify` can write on a usual stack. */
export const MAX_DEPTH = 500;

/** More problems than anybody reads; a list of a million functions needs no list of a million sentences. */
const MOST_PROBLEMS = 1_000;
/** A walk of fewer containers pays nothing for remembering them. */
const REMEMBER_AFTER = 50_000;
/** Remembering a container costs as much as walking a few. */
const WORTH_REMEMBERING = 32;

/**
 * Where a walk through a payload is, what it found wrong, and what it has done already.
 *
 * Invariants: what is entered is left, however the walk of it ended. An object inside itself is refused, and the same
 * object in two places is not: it is walked once for each place, until so many containers have been seen that data which
 * shares a lot must not be walked as if it were a tree.
 */
export class Trail<R> {
  readonly problems: PayloadProblem[] = [];
  readonly #root: string;
  readonly #open: object[] = [];
  readonly #steps: Step[] = [];
  /** How many containers had been entered before each open one. */
  readonly #before: number[] = [];
  #entered = 0;
  #done: Map<object, R> | null = null;

  /** @param root what paths begin with, such as `input` */
  constructor(root: string) {
    this.#root = root;
  }

  get failed(): boolean {
    return this.problems.length > 0;
  }

  /** What an earlier walk of the same object gave, if it is remembered. */
  known(container: object): R | undefined {
    return this.#done?.get(container);
  }

  /** @returns whether to walk `container`; if not, the reason is noted. */
  enter(container: object, step: Step): boolean {
    const above = this.#open.indexOf(container);
    if (above >= 0) {
      this.refuse(
        step,
        `leads back to ${formatPath(this.#root, this.#steps.slice(0, above + 1))}, which it is part of`,
      );
      return false;
    }
    if (this.#open.length >= MAX_DEPTH) {
      this.refuse(step, `is nested deeper than ${MAX_DEPTH} levels`);
      return false;
    }
    this.#open.push(container);
    this.#steps.push(step);
    this.#before.push(this.#entered++);
    return true;
  }

  leave(container: object, result: R): R {
    this.#open.pop();
    this.#steps.pop();
    const inside = this.#entered - (this.#before.pop() ?? 0);
    if (this.#entered > REMEMBER_AFTER && inside >= WORTH_REMEMBERING) {
      this.#done ??= new Map();
      this.#done.set(container, result);
    }
    return result;
  }

  /** Notes what is wrong with what `step` leads to from here; `null` means the container itself. */
  refuse(step: Step, problem: string): void {
    if (this.problems.length >= MOST_PROBLEMS) return;
    this.problems.push({ path: formatPath(this.#root, [...this.#steps, step]), problem });
  }
}
