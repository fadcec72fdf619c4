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

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
/** The time and the upper part of the counter, which ids made in a row have in common. */
const SHARED_BYTES = 10;

/** The text of an id. Most of it is that of the one before: writing all of it costs more than making the id. */
class IdText {
  readonly #shared = new Uint8Array(SHARED_BYTES);
  #sharedText = '00000000-0000-0000-0000-';

  of(bytes: Readonly<Uint8Array>): string {
    if (!this.#isShared(bytes)) this.#share(bytes);
    return (
      this.#sharedText +
      hex(bytes, 10) +
      hex(bytes, 11) +
      hex(bytes, 12) +
      hex(bytes, 13) +
      hex(bytes, 14) +
      hex(bytes, 15)
    );
  }

  #isShared(bytes: Readonly<Uint8Array>): boolean {
    for (let index = SHARED_BYTES - 1; index >= 0; index--) if (bytes[index] !== this.#shared[index]) return false;
    return true;
  }

  #share(bytes: Readonly<Uint8Array>): void {
    this.#shared.set(bytes.subarray(0, SHARED_BYTES));
    const digits = Array.from(this.#shared, (byte) => HEX[byte]).join('');
    this.#sharedText = digits.replace(/^(.{8})(.{4})(.{4})(.{4})$/, '$1-$2-$3-$4-');
  }
}

function hex(bytes: Readonly<Uint8Array>, index: number): string {
  return HEX[bytes[index] as number] as string;
}

const generator = new V7Generator(new PooledRandom());
const text = new IdText();

/** A UUID v7: sorts by time, and keeps the order of ids made within one millisecond. */
export function createRunId(): string {
  return text.of(generator.generate().bytes);
}
