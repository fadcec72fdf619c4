/** No shorter phrase can be searched for: it would be found everywhere. In UTF-16 units. */
export const SHORTEST_PHRASE = 4;

/**
 * Finds any of many phrases in one pass over a text. Phrases are looked up by their first four units, so the cost of a
 * text hardly depends on how many there are, and adding one rebuilds nothing.
 */
export class PhraseIndex {
  readonly #byHead = new Map<number, string[]>();
  /** Which low bytes a phrase can begin with: lets most positions of a text pass at the price of one array read. */
  readonly #firstUnits = new Uint8Array(256);

  get isEmpty(): boolean {
    return this.#byHead.size === 0;
  }

  /** Adds a phrase of at least {@link SHORTEST_PHRASE} units; `false` if it is there already. */
  add(phrase: string): boolean {
    const head = headAt(phrase, 0);
    const others = this.#byHead.get(head);
    if (others?.includes(phrase)) return false;
    if (others === undefined) this.#byHead.set(head, [phrase]);
    else others.push(phrase);
    this.#firstUnits[phrase.charCodeAt(0) & 0xff] = 1;
    return true;
  }

  /**
   * The text with every found phrase replaced; the same string if there is none. Phrases that overlap are replaced
   * together, by one mask, so that no rest of either remains.
   */
  replace(text: string, mask: string): string {
    if (this.#byHead.size === 0) return text;
    const firstUnits = this.#firstUnits;
    let result = '';
    let copied = 0;
    let [start, end] = [-1, -1];
    for (let at = 0; at <= text.length - SHORTEST_PHRASE; at++) {
      if (firstUnits[text.charCodeAt(at) & 0xff] === 0) continue;
      const length = this.#longestAt(text, at);
      if (length === 0) continue;
      if (at >= end) {
        if (end !== -1) {
          result += text.slice(copied, start) + mask;
          copied = end;
        }
        start = at;
      }
      end = Math.max(end, at + length);
    }
    return end === -1 ? text : result + text.slice(copied, start) + mask + text.slice(end);
  }

  #longestAt(text: string, at: number): number {
    const phrases = this.#byHead.get(headAt(text, at));
    let longest = 0;
    if (phrases === undefined) return longest;
    for (const phrase of phrases) {
      if (phrase.length > longest && text.startsWith(phrase, at)) longest = phrase.length;
    }
    return longest;
  }
}

/** A hash of the four units at a position. */
function headAt(text: string, at: number): number {
  let hash = text.charCodeAt(at);
  for (let offset = 1; offset < SHORTEST_PHRASE; offset++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(at + offset)) | 0;
  }
  return hash;
}
