import { inputDigest } from '../../tools/index.js';
import type { AgentCall } from './agent-result.js';

/**
 * Notices an agent that gets nowhere: turns with the same calls and the same results, in a row or in a circle. A call that is
 * repeated because its result changes, as in waiting for something, is none of it.
 */
export class Stagnation {
  readonly #limit: number;
  readonly #seen = new Map<string, number>();

  /** @param limit how often a turn may be the same; 0 for ever */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param given what was called, as it was asked for @returns whether it is enough */
  repeats(
    given: readonly { readonly name: string; readonly arguments: string }[],
    calls: readonly AgentCall[],
  ): boolean {
    if (this.#limit === 0) return false;
    const turn = given.map(({ name, arguments: args }, index) => [name, args, calls[index]?.result]);
    const key = inputDigest(turn.map((call) => JSON.stringify(call)).sort());
    const times = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, times);
    return times >= this.#limit;
  }
}
