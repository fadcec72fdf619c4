import { StageflowError } from '../errors/index.js';
import { PhraseIndex, SHORTEST_PHRASE } from './phrase-index.js';
import { writtenForms } from './written-forms.js';

export interface SecretLimits {
  /** How many values are searched for at most. Default 10,000. */
  readonly maxValues?: number;
  /** How many characters of them, in all the forms they are written in, are kept at most. Default 8 million. */
  readonly maxCharacters?: number;
}

const MAX_VALUES = 10_000;
const MAX_CHARACTERS = 8_000_000;
/** Longer values are searched for by nobody; a chain of certificates has half of this. */
const LONGEST_VALUE = 16_384;
/** What everything is full of. */
const FOUND_EVERYWHERE = new Set(['true', 'false', 'null', 'undefined', 'Infinity']);

/**
 * The secrets that one run has seen, so that they are masked wherever they turn up. Memory is bounded: what no longer
 * fits is counted by {@link missed} and masked only where it is known to be secret.
 */
export class SecretValues {
  readonly #phrases = new PhraseIndex();
  readonly #known = new Set<string>();
  readonly #maxValues: number;
  #charactersLeft: number;
  #missed = 0;

  /** @throws StageflowError with MASKING_OPTION_INVALID. */
  constructor(limits: SecretLimits = {}) {
    this.#maxValues = checkLimit('maxValues', limits.maxValues ?? MAX_VALUES);
    this.#charactersLeft = checkLimit('maxCharacters', limits.maxCharacters ?? MAX_CHARACTERS);
  }

  /** Nothing is searched for. */
  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  /** How many values are searched for. */
  get size(): number {
    return this.#known.size;
  }

  /** How many values were too many or too long to be searched for. Warn about it: the bounds are too small. */
  get missed(): number {
    return this.#missed;
  }

  /** Remembers a secret. Texts of fewer than 4 characters, blank ones, and words such as `true` are not searched for. */
  add(value: string | number | bigint): void {
    const text = String(value);
    if (text.length < SHORTEST_PHRASE || text.trim() === '' || FOUND_EVERYWHERE.has(text) || this.#known.has(text))
      return;
    const forms = text.length > LONGEST_VALUE || this.#known.size >= this.#maxValues ? [] : writtenForms(text);
    const characters = forms.reduce((sum, form) => sum + form.length, 0);
    if (forms.length === 0 || characters > this.#charactersLeft) {
      this.addMissed();
      return;
    }
    this.#charactersLeft -= characters;
    this.#known.add(text);
    for (const form of forms) if (form.length >= SHORTEST_PHRASE) this.#phrases.add(form);
  }

  /** Counts secrets that could not even be read. */
  addMissed(): void {
    this.#missed++;
  }

  /** The text with every remembered secret in it replaced; the same string if it holds none. */
  replaceIn(text: string, maskText: string): string {
    return this.#phrases.replace(text, maskText);
  }
}

function checkLimit(option: string, limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new StageflowError({
    code: 'MASKING_OPTION_INVALID',
    message: `${option} of the secret values must be a whole number of at least 0.`,
    fix: 'Give it such a value, or leave it out.',
    details: { option },
  });
}
