import { types } from 'node:util';
import { isError } from './children.js';

/** What became of one object of a walk, or will: whoever meets it again on the way refers to its copy. */
export class Visit {
  readonly #original: object;
  #copy: object | undefined;
  #result: unknown;
  #isDone = false;

  constructor(original: object) {
    this.#original = original;
  }

  /** What stands for the object. Asked for while the walk is still inside it, that is a copy which is filled later. */
  get result(): unknown {
    return this.#isDone ? this.#result : this.copy;
  }

  /** Empty at first. Plain, but for errors, which loggers tell by their class: no other copy runs code of its class. */
  get copy(): object {
    this.#copy ??= emptyLike(this.#original);
    return this.#copy;
  }

  /** From now on the original is not handed back. */
  requireCopy(): void {
    this.#copy ??= emptyLike(this.#original);
  }

  /** Whether somebody refers to the copy, so that the original can no longer be handed back. */
  get hasCopy(): boolean {
    return this.#copy !== undefined;
  }

  finish(result: unknown): unknown {
    this.#isDone = true;
    this.#result = result;
    return result;
  }
}

function emptyLike(original: object): object {
  if (Array.isArray(original)) return [];
  if (types.isMap(original)) return new Map();
  if (types.isSet(original)) return new Set();
  return isError(original) ? Object.create(Object.getPrototypeOf(original)) : {};
}
