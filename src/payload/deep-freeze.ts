/*
 * Freezes data where it stands. Never recursive and never in a circle. No getter is called, and a proxy that throws is left
 * as it is.
 *
 * Left as they are: class instances (their methods may need to write, and often hold sockets or caches), functions,
 * promises and streams (alive by nature), typed arrays and ArrayBuffers (the engine cannot freeze them), what a symbol key
 * or an array's own property beside its items leads to (neither travels).
 */
import { isDataInstance } from './data-instance.js';
import { isFrozenThroughout, rememberFrozen } from './frozen-roots.js';
import { isGetter } from './getter.js';
import { kindOf, PayloadKind } from './payload-kind.js';
import { makeReadOnly, READ_ONLY_DATE, READ_ONLY_MAP, READ_ONLY_SET } from './read-only.js';

export interface DeepFreezeOptions {
  /**
   * Also freeze class instances and what their own fields lead to. Default false. For objects that hold data and were
   * built for you alone; built-in classes, streams and emitters are left as they are.
   */
  readonly instances?: boolean;
}

const frozenWithInstances = new WeakSet<object>();

/**
 * Freezes `value` and everything in it, when others are about to share it. Gives the same object back. Plain objects and
 * arrays are frozen; a Map, Set or Date refuses to be changed (PAYLOAD_READ_ONLY). Class instances, functions, promises,
 * streams and bytes are left as they are. Handing what this returns to a run spares the copy of it.
 */
export function deepFreeze<T>(value: T, options?: DeepFreezeOptions): T {
  if (typeof value !== 'object' || value === null) return value;
  try {
    freeze(value, options?.instances === true);
  } catch {
    // A proxy that does not want to be looked at stays as it is.
  }
  return value;
}

function freeze(root: object, instances: boolean): void {
  if (Object.isFrozen(root) && (instances ? frozenWithInstances.has(root) : isFrozenThroughout(root))) return;
  if (freezeFlat(root)) return;
  const walk = new FreezeWalk(instances);
  walk.run(root);
  if (!Object.isFrozen(root)) return; // left as it is
  if (instances) frozenWithInstances.add(root);
  if (walk.complete) rememberFrozen(root); // with its instances it is at least as frozen as without
}

/** Freezes a plain object, and says whether it holds no other object: most outputs are done with that. */
function freezeFlat(root: object): boolean {
  if (Object.getPrototypeOf(root) !== Object.prototype) return false;
  Object.freeze(root);
  for (const name of Object.getOwnPropertyNames(root)) {
    const inner: unknown = Object.getOwnPropertyDescriptor(root, name)?.value;
    if (typeof inner === 'object' && inner !== null) return false;
  }
  return true;
}

class FreezeWalk {
  /** False once something was met that should be read-only and cannot be made so. */
  complete = true;
  readonly #instances: boolean;
  readonly #pending: object[] = [];
  /** Objects that were frozen when they were met: by their owner, or by this walk and met a second time. */
  #met: Set<object> | null = null;

  constructor(instances: boolean) {
    this.#instances = instances;
  }

  run(root: object): void {
    for (let next: object | undefined = root; next !== undefined; next = this.#pending.pop()) this.#visit(next);
  }

  #visit(value: object): void {
    try {
      if (Object.isFrozen(value) && this.#isDone(value)) return;
      this.#freeze(value);
    } catch {
      this.complete = false; // a proxy that does not want to be looked at
    }
  }

  #isDone(value: object): boolean {
    if (!this.#instances && isFrozenThroughout(value)) return true;
    this.#met ??= new Set();
    if (this.#met.has(value)) return true;
    this.#met.add(value);
    return false;
  }

  #freeze(value: object): void {
    switch (kindOf(value)) {
      case PayloadKind.Record:
        this.#fields(value);
        break;
      case PayloadKind.Array:
        this.#items(value as unknown[]);
        break;
      case PayloadKind.Map:
        this.#close(value, READ_ONLY_MAP);
        for (const [key, inner] of value as Map<unknown, unknown>) {
          this.#push(key);
          this.#push(inner);
        }
        break;
      case PayloadKind.Set:
        this.#close(value, READ_ONLY_SET);
        for (const inner of value as Set<unknown>) this.#push(inner);
        break;
      case PayloadKind.Date:
        this.#close(value, READ_ONLY_DATE);
        break;
      case PayloadKind.Other:
        if (this.#instances && isDataInstance(value)) this.#fields(value);
        break;
      case PayloadKind.Bytes:
    }
  }

  #fields(value: object): void {
    Object.freeze(value);
    for (const name of Object.getOwnPropertyNames(value))
      this.#push(Object.getOwnPropertyDescriptor(value, name)?.value);
  }

  #items(values: unknown[]): void {
    Object.freeze(values);
    for (let index = 0; index < values.length; index++) {
      if (!isGetter(values, index)) this.#push(values[index]);
    }
  }

  #close(value: object, readOnly: object): void {
    if (!makeReadOnly(value, readOnly)) this.complete = false;
  }

  #push(value: unknown): void {
    if (typeof value === 'object' && value !== null) this.#pending.push(value);
  }
}
