import { V7Generator } from 'uuidv7';

/** Asking the system for random numbers costs more than the rest of an id, so they are fetched for many ids at once. */
const POOL_SIZE = 1_024;

class PooledRandom {
  readonly #pool = new Uint32Array(POOL_SIZE);
  #used = POOL_SIZE;

  nextUint32(): number {
    if (this.#used === POOL_SIZE) {
      crypto.getRandomValues(this.#pool);
      this.#used = 0;
    }
    return this.#pool[this.#used++] as number;
  }
}

const generator = new V7Generator(new PooledRandom());

/** A UUID v7: sorts by time, and keeps the order of ids made within one millisecond. */
export function createRunId(): string {
  return generator.generate().toString();
}
