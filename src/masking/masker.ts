import { CollectWalk } from './collect-walk.js';
import { MaskWalk } from './mask-walk.js';
import { MaskingRules } from './masking-rules.js';
import { SecretValues } from './secret-values.js';
import { sensitiveFields } from './sensitive-fields.js';
import { SensitivePaths } from './sensitive-paths.js';

/** What is known about a value besides the rules. */
export interface MaskOptions {
  /** The class that describes the value, or the items of a list, when they are plain data and not its instances. */
  readonly fieldsOf?: Function | null;
  /** Sensitive places of this value alone. */
  readonly paths?: SensitivePaths | null;
}

/**
 * Keeps secrets out of what is written down: collect what enters a run, mask what leaves it.
 *
 * A secret is known by where it came from (a field marked `@Sensitive()`, a path, a well-known name) and from then on
 * masked wherever its value turns up, also inside of other texts, and escaped for JSON, encoded for a URL or in base64.
 * Nothing here throws; what cannot be read is masked as a whole. Changes no value it is given.
 */
export class Masker {
  readonly rules: MaskingRules;
  readonly values: SecretValues;

  /** @param values the secrets of one run; do not share them between runs. */
  constructor(rules: MaskingRules = MaskingRules.standard, values: SecretValues = new SecretValues()) {
    this.rules = rules;
    this.values = values;
  }

  /** Remembers the secrets in a value: call it with inputs and outputs before anything is written about them. */
  collect(value: unknown, options: MaskOptions = {}): void {
    if (typeof value !== 'object' || value === null) return;
    const walk = new CollectWalk(this.rules, this.values);
    walk.value(value, this.#pathsFor(options).start, fieldsFor(options), 0);
  }

  /**
   * A copy without secrets; the value itself if it holds none, and what it shares with it where it can. Copies are plain
   * data, except that errors stay errors, maps maps and sets sets.
   */
  mask(value: unknown, options: MaskOptions = {}): unknown {
    try {
      if (typeof value === 'string') return this.maskText(value);
      if (this.#isFlatAndClean(value, options)) return value;
      return new MaskWalk(this.rules, this.values).root(value, this.#pathsFor(options).start, fieldsFor(options));
    } catch {
      return this.rules.maskText;
    }
  }

  /** The text without the secrets that were collected; the text itself if it holds none. */
  maskText(text: string): string {
    return this.values.replaceIn(text, this.rules.maskText);
  }

  /** What {@link mask} makes of the fields of a log record, or of other data that has to stay a record. */
  maskFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const masked = this.mask(fields);
    if (typeof masked === 'object' && masked !== null) return masked as Readonly<Record<string, unknown>>;
    return { fields: this.rules.maskText };
  }

  /** The usual record when no secret is known: a few plain fields, whose names are all there is to look at. */
  #isFlatAndClean(value: unknown, options: MaskOptions): boolean {
    if (!this.values.isEmpty || typeof value !== 'object' || value === null) return false;
    if (Object.getPrototypeOf(value) !== Object.prototype || this.#pathsFor(options) !== SensitivePaths.none)
      return false;
    const fields = fieldsFor(options);
    for (const key of Object.keys(value)) {
      const field: unknown = (value as Readonly<Record<string, unknown>>)[key];
      if (typeof field === 'object' && field !== null) return false;
      if (typeof field === 'function' || fields.has(key) || this.rules.isSensitiveName(key)) return false;
    }
    return Object.getOwnPropertySymbols(value).length === 0;
  }

  #pathsFor({ paths }: MaskOptions): SensitivePaths {
    return paths === undefined || paths === null ? this.rules.paths : this.rules.paths.and(paths);
  }
}

function fieldsFor({ fieldsOf }: MaskOptions): ReadonlySet<string> {
  return fieldsOf === undefined || fieldsOf === null ? NO_FIELDS : sensitiveFields(fieldsOf);
}

const NO_FIELDS: ReadonlySet<string> = new Set();
