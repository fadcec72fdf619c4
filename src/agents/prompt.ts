import { StageflowError } from '../errors/index.js';

/** A prompt with everything filled in. */
export interface FilledPrompt {
  readonly version: string;
  readonly text: string;
}

/** Text with places for data, and a version by which results can be told apart. `V` names its places. */
export interface Prompt<out V extends string = string> {
  readonly version: string;
  readonly template: string;
  /** The names of its places. */
  readonly places: readonly string[];
  /**
   * Fills every place. What is filled in stands between `<name>` and `</name>`, and nothing in it can end that.
   * @throws PROMPT_INVALID if a value is missing
   */
  readonly fill: (values: Readonly<Record<V, unknown>>) => FilledPrompt;
}

/** The names in `{{name}}`. */
export type PlacesOf<T extends string> = string extends T
  ? string
  : T extends `${string}{{${infer Name}}}${infer Rest}`
    ? Name | PlacesOf<Rest>
    : never;

const PLACE = /\{\{([^{}]*)\}\}/g;
const NAME = /^[a-z][a-z0-9_-]{0,63}$/i;

/**
 * Makes a prompt: `prompt('summary/v3', 'Summarise the page. {{page}}')`. Change the version with the text, so that what was
 * made by one can be told from what was made by the other.
 * @throws PROMPT_INVALID for an empty version or a place without a proper name
 */
export function prompt<const T extends string>(version: string, template: T): Prompt<PlacesOf<T>> {
  if (typeof version !== 'string' || version.trim() === '') throw invalid('A prompt has no version.', 'Give it one.');
  const places = [...new Set([...template.matchAll(PLACE)].map(([, name = '']) => name))];
  const wrong = places.find((name) => !NAME.test(name));
  if (wrong !== undefined) {
    const fix = 'Use letters, digits, _ and -, beginning with a letter.';
    throw invalid(`Prompt "${version}" has a place named "${wrong}".`, fix, { place: wrong });
  }
  const fill = (values: Readonly<Record<string, unknown>>): FilledPrompt => {
    const text = template.replace(PLACE, (_, name: string) => {
      if (Object.hasOwn(values, name) && values[name] !== undefined) return asData(name, values[name]);
      throw invalid(`Prompt "${version}" lacks a value for "${name}".`, 'Give one.', { place: name });
    });
    return { version, text };
  };
  return Object.freeze({ version, template, places: Object.freeze(places), fill });
}

/** Data between delimiters that it cannot close: every `<`, `>` and `&` of it is written as HTML writes it. */
export function asData(name: string, value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `<${name}>\n${escapeDelimiters(text)}\n</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Also of the wide and small forms, which a model may take for the same characters. */
export function escapeDelimiters(text: string): string {
  return text.replace(/[<>&\uff1c\uff1e\uff06\ufe64\ufe65\ufe60]/g, (character) => {
    return ESCAPES[character.normalize('NFKC')] ?? character;
  });
}

function invalid(message: string, fix: string, details: Readonly<Record<string, unknown>> = {}): StageflowError {
  return new StageflowError({ code: 'PROMPT_INVALID', message, fix, details });
}
