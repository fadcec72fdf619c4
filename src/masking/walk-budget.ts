import { types } from 'node:util';

const MOST_VISITS = 1_000_000;
const DEEPEST = 400;
/** Proxies are slow, and the only objects that can go on for ever. */
const VISITS_OF_A_PROXY = 250;

/** Ends a walk over a value that does not end by itself: proxies can be infinitely deep and arrays have any length. */
export class WalkBudget {
  #visitsLeft = MOST_VISITS;

  /** Whether an object may still be entered. One that is too deep or too large is left out alone. */
  allows(object: object, depth: number): boolean {
    const items = Array.isArray(object) ? object.length : 0;
    const visits = 1 + items + (types.isProxy(object) ? VISITS_OF_A_PROXY : 0);
    if (depth > DEEPEST || visits > this.#visitsLeft) return false;
    this.#visitsLeft -= visits;
    return true;
  }
}
