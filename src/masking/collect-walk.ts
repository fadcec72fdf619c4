import { types } from 'node:util';
import { eachChild } from './children.js';
import { credentialParts } from './credential-parts.js';
import type { MaskingRules } from './masking-rules.js';
import type { PathState } from './path-state.js';
import type { SecretValues } from './secret-values.js';
import { marksOf } from './sensitive-fields.js';
import { WalkBudget } from './walk-budget.js';

type Place = PathState | 'sensitive';

/** Reads a value once and remembers what stands at its sensitive places. Never throws. */
export class CollectWalk {
  readonly #rules: MaskingRules;
  readonly #values: SecretValues;
  readonly #budget = new WalkBudget();
  readonly #seen = new Map<Place, Set<object>>();

  constructor(rules: MaskingRules, values: SecretValues) {
    this.#rules = rules;
    this.#values = values;
  }

  value(value: unknown, place: Place, fields: ReadonlySet<string>, depth: number): void {
    if (typeof value === 'object' && value !== null) this.#object(value, place, fields, depth);
    else if (place === 'sensitive') this.#remember(value);
  }

  #object(object: object, place: Place, fields: ReadonlySet<string>, depth: number): void {
    try {
      if (ArrayBuffer.isView(object) || types.isDate(object)) {
        if (place === 'sensitive' && object instanceof Uint8Array) this.#remember(Buffer.from(object).toString('utf8'));
        return;
      }
      if (!this.#enter(object, place)) return;
      if (!this.#budget.allows(object, depth)) this.#values.addMissed();
      else if (types.isBoxedPrimitive(object)) this.value(object.valueOf(), place, fields, depth);
      else this.#children(object, place, fields, depth);
    } catch {
      this.#values.addMissed();
    }
  }

  #children(object: object, place: Place, fields: ReadonlySet<string>, depth: number): void {
    if (Array.isArray(object)) {
      for (let index = 0; index < object.length; index++) {
        this.#child(place === 'sensitive' ? '' : String(index), object[index], place, fields, depth);
      }
      return;
    }
    const marked = fields.size === 0 ? marksOf(object) : fields;
    eachChild(object, (key, value) => {
      const isSensitive = place === 'sensitive' || marked.has(key) || this.#rules.isSensitiveName(key);
      this.#child(key, value, isSensitive ? 'sensitive' : place, NO_FIELDS, depth);
    });
    this.value(jsonOf(object), place, marked, depth + 1);
  }

  #child(key: string, value: unknown, place: Place, fields: ReadonlySet<string>, depth: number): void {
    if (value === null || value === undefined) return;
    this.value(value, place === 'sensitive' ? place : place.at(key), fields, depth + 1);
  }

  #enter(object: object, place: Place): boolean {
    const seen = this.#seen.get(place);
    if (seen === undefined) this.#seen.set(place, new Set([object]));
    else if (seen.has(object)) return false;
    else seen.add(object);
    return true;
  }

  #remember(value: unknown): void {
    if (typeof value === 'number' || typeof value === 'bigint') this.#add(String(value));
    if (typeof value !== 'string') return;
    this.#add(value);
    for (const part of credentialParts(value)) this.#add(part);
  }

  /** What is part of the mask itself would be found in every masked text. */
  #add(text: string): void {
    if (!this.#rules.maskText.includes(text)) this.#values.add(text);
  }
}

const NO_FIELDS: ReadonlySet<string> = new Set();

/** What a serialiser would write for an object that has a say in it, such as a `URL`. */
function jsonOf(object: object): unknown {
  const { toJSON } = object as { toJSON?: unknown };
  return typeof toJSON === 'function' ? toJSON.call(object, '') : undefined;
}
