import parse from 'spdx-expression-parse';
import { isJsonObject, textOrNull } from './json-object.js';
import type { Declaration } from './packages.js';

/** What authors write in package.json to say "no licence is granted". Not an SPDX expression, but meant. */
export const UNLICENSED = 'UNLICENSED';

/** The SPDX expression in `text`, or null if it is none. */
export function spdxExpression(text: string | null): string | null {
  if (text === null || text === UNLICENSED) return text;
  try {
    parse(text);
    return text;
  } catch {
    return null;
  }
}

/**
 * The text of a licence field in any of the shapes npm has known: a string, `{ type, url }`, or an array of either,
 * which offers a choice. Null if nothing is declared.
 */
export function declaredText(declaration: Pick<Declaration, 'license' | 'licenses'>): string | null {
  return textOf(declaration.license) ?? textOf(declaration.licenses);
}

function textOf(field: unknown): string | null {
  if (Array.isArray(field)) {
    const choices = field.map(textOf).filter((choice) => choice !== null);
    return choices.length > 1 ? `(${choices.join(' OR ')})` : (choices[0] ?? null);
  }
  return isJsonObject(field) ? (textOrNull(field.type) ?? textOrNull(field.name)) : textOrNull(field);
}
