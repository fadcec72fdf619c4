import type { Step } from './field-path.js';
import { fieldNames, hasPlainItems, putField } from './fields.js';
import { findUnencodable } from './find-unencodable.js';
import { flatCopy } from './flat-copy.js';
import { isFrozenThroughout, isReadyToTravel, rememberReadyToTravel } from './frozen-roots.js';
import { leafProblem } from './leaf-problem.js';
import { kindOf, PayloadKind } from './payload-kind.js';
import type { PayloadProblem } from './payload-problem.js';
import { makeReadOnly, READ_ONLY_DATE, READ_ONLY_MAP, READ_ONLY_SET } from './read-only.js';
import { Trail } from './trail.js';

/**
 * A frozen copy of data that somebody else owns, checked on the way: in one walk, for less than freezing and checking. Text
 * and bytes are shared, not copied; so is all of it if it was frozen by `deepFreeze` or by this. Appends to `problems` what
 * cannot travel; the value is then of no use.
 */
export function frozenCopy(value: unknown, root: string, problems: PayloadProblem[]): unknown {
  if (typeof value !== 'object' || value === null) {
    const problem = leafProblem(value);
    if (problem !== null) problems.push({ path: root, problem });
    return value;
  }
  if (isReadyToTravel(value)) return value;
  if (isFrozenThroughout(value)) return checked(value, root, problems);
  return tryFlatCopy(value) ?? wholeCopy(value, root, problems);
}

function checked(value: object, root: string, problems: PayloadProblem[]): object {
  const found = findUnencodable(value, root);
  if (found.length > 0) problems.push(...found);
  else rememberReadyToTravel(value);
  return value;
}

function tryFlatCopy(value: object): object | null {
  try {
    return flatCopy(value);
  } catch {
    return null; // a proxy that throws; the walk says where
  }
}

function wholeCopy(value: object, root: string, problems: PayloadProblem[]): unknown {
  const trail = new Trail<unknown>(root);
  const copy = new FrozenCopy(trail).take(value, null);
  if (trail.failed) problems.push(...trail.problems);
  else rememberReadyToTravel(copy as object);
  return copy;
}

class FrozenCopy {
  readonly #trail: Trail<unknown>;

  constructor(trail: Trail<unknown>) {
    this.#trail = trail;
  }

  take(value: unknown, step: Step): unknown {
    if (typeof value === 'object' && value !== null) return this.#object(value, step);
    const problem = leafProblem(value);
    if (problem !== null) this.#trail.refuse(step, problem);
    return value;
  }

  #object(value: object, step: Step): unknown {
    const known = this.#trail.known(value);
    if (known !== undefined) return known;
    if (!this.#trail.enter(value, step)) return undefined;
    let copy: unknown;
    try {
      copy = this.#copy(value);
    } catch {
      this.#trail.refuse(null, 'cannot be read: looking at it throws');
    }
    return this.#trail.leave(value, copy);
  }

  #copy(value: object): unknown {
    switch (kindOf(value)) {
      case PayloadKind.Record:
        return this.#record(value as Record<string, unknown>);
      case PayloadKind.Array:
        return this.#array(value as unknown[]);
      case PayloadKind.Map:
        return this.#map(value as Map<unknown, unknown>);
      case PayloadKind.Set:
        return this.#set(value as Set<unknown>);
      case PayloadKind.Date:
        return this.#date(value as Date);
      default: {
        const problem = leafProblem(value);
        if (problem !== null) this.#trail.refuse(null, problem);
        return value;
      }
    }
  }

  #record(value: Record<string, unknown>): object {
    const copy: Record<string, unknown> = Object.getPrototypeOf(value) === null ? Object.create(null) : {};
    for (const name of fieldNames(value, this.#trail)) {
      const taken = this.take(value[name], name);
      if (name === '__proto__') putField(copy, name, taken);
      else copy[name] = taken;
    }
    return Object.freeze(copy);
  }

  #array(value: unknown[]): readonly unknown[] {
    if (!hasPlainItems(value, this.#trail)) return [];
    const copy: unknown[] = Array.prototype.slice.call(value);
    for (let index = 0; index < copy.length; index++) {
      const inner = copy[index];
      const taken = this.take(inner, index);
      if (taken !== inner) copy[index] = taken;
    }
    return Object.freeze(copy);
  }

  #map(value: Map<unknown, unknown>): object {
    const copy = new Map<unknown, unknown>();
    let entry = 0;
    for (const [key, inner] of value) {
      copy.set(this.take(key, { entry, side: 'key' }), this.take(inner, { entry, side: 'value' }));
      entry++;
    }
    makeReadOnly(copy, READ_ONLY_MAP);
    return copy;
  }

  #set(value: Set<unknown>): object {
    const copy = new Set<unknown>();
    let entry = 0;
    for (const inner of value) copy.add(this.take(inner, { entry: entry++, side: 'item' }));
    makeReadOnly(copy, READ_ONLY_SET);
    return copy;
  }

  #date(value: Date): object {
    const problem = leafProblem(value);
    if (problem !== null) this.#trail.refuse(null, problem);
    const copy = new Date(value.getTime());
    makeReadOnly(copy, READ_ONLY_DATE);
    return copy;
  }
}
