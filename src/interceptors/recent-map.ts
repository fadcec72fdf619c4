/** Room is made in constant time, however many entries there are: this many are looked at. */
const LOOKS = 32;

/** A map of at most so many entries: what was used longest ago goes first. */
export class RecentMap<V> {
  readonly #entries = new Map<string, V>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Finds an entry, and counts as a use of it. */
  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#entries.delete(key);
    if (this.#entries.size >= this.#most) this.makeRoom(() => true);
    this.#entries.set(key, value);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Whether there is room for one more, if need be instead of an entry that may go: one of the least recently used. */
  makeRoom(mayGo: (value: V) => boolean): boolean {
    if (this.#entries.size < this.#most) return true;
    let looks = LOOKS;
    for (const [key, value] of this.#entries) {
      if (mayGo(value)) return this.#entries.delete(key);
      if (--looks === 0) break;
    }
    return false;
  }
}
