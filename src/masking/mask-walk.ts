import { types } from 'node:util';
import { keyText } from './children.js';
import { maskSpecial } from './mask-builtins.js';
import { maskKeyed } from './mask-keyed.js';
import type { MaskingRules } from './masking-rules.js';
import type { PathState } from './path-state.js';
import type { SecretValues } from './secret-values.js';
import { marksOf } from './sensitive-fields.js';
import { Visit } from './visit.js';
import type { Place, Walk } from './walk.js';
import { WalkBudget } from './walk-budget.js';

type Fields = ReadonlySet<string>;
const NO_FIELDS: Fields = new Set();
/** Longer arrays are lists, and listing their keys is not cheap. */
const MOST_ITEMS_WITH_KEYS = 1_000;

/**
 * Makes the masked form of one value.
 *
 * Invariants: what holds nothing to mask is handed back as it is; what cannot be read is replaced by the mask, never
 * passed on; an object is masked once per state of the paths, so shared and circular values keep their shape.
 */
export class MaskWalk implements Walk {
  readonly #rules: MaskingRules;
  readonly #values: SecretValues;
  readonly #budget = new WalkBudget();
  readonly #visits = new Map<PathState, Map<object, Visit>>();
  #hits = 0;

  constructor(rules: MaskingRules, values: SecretValues) {
    this.#rules = rules;
    this.#values = values;
  }

  get findsNothing(): boolean {
    return this.#values.isEmpty;
  }

  /** The value itself if nothing in it was masked, circles or not. */
  root(value: unknown, paths: PathState, fields: Fields): unknown {
    const masked = this.value(value, { paths, fields, depth: 0 });
    return this.#hits === 0 ? value : masked;
  }

  value(value: unknown, place: Place): unknown {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'object':
        return value === null ? value : this.#object(value, place);
      case 'undefined':
      case 'boolean':
        return value;
      default:
        return this.findsNothing || !this.#shows(value) ? value : this.mask();
    }
  }

  /** Absence is no secret. */
  child(key: unknown, value: unknown, { paths, fields, depth }: Place): unknown {
    if (value === undefined || value === null) return value;
    const name = keyText(key);
    if (fields.has(name) || this.#rules.isSensitiveName(name)) return this.#inPlace(value);
    return this.element(name, value, { paths, fields: NO_FIELDS, depth });
  }

  element(key: string, value: unknown, { paths, fields, depth }: Place): unknown {
    const next = paths.at(key);
    return next === 'sensitive' ? this.#inPlace(value) : this.value(value, { paths: next, fields, depth: depth + 1 });
  }

  text(text: string): string {
    const masked = this.#values.replaceIn(text, this.#rules.maskText);
    if (masked !== text) this.#hits++;
    return masked;
  }

  mask(): string {
    this.#hits++;
    return this.#rules.maskText;
  }

  #inPlace(value: unknown): unknown {
    const isAbsent = value === undefined || value === null;
    return isAbsent || value === this.#rules.maskText ? value : this.mask();
  }

  /** Whether a number, symbol or function would show a secret when it is printed. Their parts cannot be replaced. */
  #shows(value: unknown): boolean {
    if (typeof value === 'function' && Object.keys(value).length > 0) return true;
    const text = typeof value === 'function' ? value.name : String(value);
    return this.#values.replaceIn(text, this.#rules.maskText) !== text;
  }

  #object(object: object, place: Place): unknown {
    let visits = this.#visits.get(place.paths);
    if (visits === undefined) {
      visits = new Map();
      this.#visits.set(place.paths, visits);
    }
    const known = visits.get(object);
    if (known !== undefined) return known.result;
    const visit = new Visit(object);
    visits.set(object, visit);
    try {
      if (this.#budget.allows(object, place.depth)) return visit.finish(this.#read(object, visit, place));
    } catch {
      // What cannot be read ends up like what may not be entered.
    }
    return visit.finish(this.mask());
  }

  #read(object: object, visit: Visit, place: Place): unknown {
    if (!this.findsNothing && types.isProxy(object)) this.#copyAnyway(visit);
    if (Array.isArray(object)) return this.#array(object, visit, place);
    const prototype: unknown = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) return maskKeyed(this, object, visit, place);
    const fields = place.fields.size > 0 ? place.fields : marksOf(object);
    const own = { ...place, fields };
    return maskSpecial(this, object, visit, own) ?? maskKeyed(this, object, visit, own);
  }

  /** Some printers look behind a proxy, where nothing was masked. */
  #copyAnyway(visit: Visit): void {
    this.#hits++;
    visit.requireCopy();
  }

  /** The match of a regular expression has the whole text beside its items. A copy has only those. */
  #hasMoreThanItems(array: readonly unknown[]): boolean {
    if (this.findsNothing || array.length > MOST_ITEMS_WITH_KEYS || Object.keys(array).length <= array.length)
      return false;
    this.#hits++;
    return true;
  }

  #array(array: readonly unknown[], visit: Visit, place: Place): unknown {
    const masked = new Array<unknown>(array.length);
    let isChanged = this.#hasMoreThanItems(array);
    for (let index = 0; index < array.length; index++) {
      const value = array[index];
      const result = this.element(String(index), value, place);
      masked[index] = result;
      isChanged ||= !Object.is(result, value);
    }
    if (!isChanged && !visit.hasCopy) return array;
    const copy = visit.copy as unknown[];
    for (const value of masked) copy.push(value);
    return copy;
  }
}
