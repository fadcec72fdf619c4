const LONGEST_NAME = 64;
const COMPARISONS = 100_000;

/**
 * Finds the name somebody probably meant. Gives up after a fixed number of comparisons over its lifetime, so that a
 * definition in which everything is misspelt still validates in linear time.
 */
export class ClosestName {
  readonly #names: ReadonlyMap<string, unknown>;
  readonly #answers = new Map<string, string | undefined>();
  #comparisonsLeft = COMPARISONS;

  /** @param names the known names, as keys. */
  constructor(names: ReadonlyMap<string, unknown>) {
    this.#names = names;
  }

  of(wanted: string): string | undefined {
    if (!this.#answers.has(wanted)) this.#answers.set(wanted, this.#search(wanted));
    return this.#answers.get(wanted);
  }

  #search(wanted: string): string | undefined {
    if (wanted.length > LONGEST_NAME) return undefined;
    const lowerCase = wanted.toLowerCase();
    let limit = Math.min(3, Math.floor(wanted.length / 3));
    let closest: string | undefined;
    for (const name of this.#names.keys()) {
      if (this.#comparisonsLeft-- <= 0) break;
      if (Math.abs(name.length - wanted.length) > limit) continue;
      const distance = editDistance(lowerCase, name.toLowerCase(), limit);
      if (distance > limit) continue;
      closest = name;
      if (distance === 0) break;
      limit = distance - 1; // only a closer one may replace it, so the first of equals wins
    }
    return closest;
  }
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours between `a` and `b`; `limit + 1` or more as soon as it
 * is certain to pass `limit`.
 */
export function editDistance(a: string, b: string, limit: number): number {
  // What both start and end with costs nothing, and in lists of similar names it is most of them.
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let trailing = 0;
  const shorter = Math.min(a.length, b.length) - start;
  while (trailing < shorter && a.at(-1 - trailing) === b.at(-1 - trailing)) trailing++;
  return distanceOf(a.slice(start, a.length - trailing), b.slice(start, b.length - trailing), limit);
}

function distanceOf(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) distance = Math.min(distance, beforeLast[j - 2]! + 1);
      row.push(distance);
      if (distance < smallest) smallest = distance;
    }
    // A swap reaches back two rows, so one row above the limit is not yet proof.
    if (smallest > limit + 1) return smallest;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
