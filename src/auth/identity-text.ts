import { StageflowError } from '../errors/index.js';

const LONGEST_NAME = 1_024;
const LONGEST_EMAIL = 254;
/** Printable ASCII without blank ends, which most names are: answers the costly questions below at once. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Control, invisible and half characters: two ids that look alike must be alike. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/u;
/** ASCII only: a Cyrillic look-alike of a known address is another mailbox. */
const PLAIN_EMAIL = /^[\x21-\x3f\x41-\x7e]+@[\x21-\x3f\x41-\x7e]+$/;

/**
 * Whether a value can be an id, a role, a scope, a plan or a feature: text without blank ends and invisible characters.
 * What every object inherits (`__proto__`, `constructor`, `toString`) is no name, so that looking rights up in a plain
 * object by name finds none.
 */
export function isIdentityText(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= LONGEST_NAME &&
    (PLAIN.test(value) || (value.trim() === value && !UNSEEN.test(value))) &&
    !(value in Object.prototype)
  );
}

export function isPlainEmail(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_EMAIL && PLAIN_EMAIL.test(value);
}

/** Reads the fields of an identity that a caller vouches for. `subject` is how the caller names what it makes. */
export class IdentityReader {
  readonly #subject: string;

  constructor(subject: string) {
    this.#subject = subject;
  }

  text(field: string, value: unknown): string | null {
    if (value === undefined || value === null) return null;
    return isIdentityText(value) ? value : this.refuse(field, 'text without blank ends and invisible characters');
  }

  email(value: unknown): string | null {
    if (value === undefined || value === null) return null;
    return isPlainEmail(value) ? value : this.refuse('email', 'an address in ASCII');
  }

  names(field: string, value: unknown): readonly string[] {
    if (value === undefined || value === null) return Object.freeze([]);
    if (!Array.isArray(value)) return this.refuse(field, 'an array of names');
    const names = Array.from<unknown>(value);
    return names.every(isIdentityText) ? Object.freeze([...new Set(names)]) : this.refuse(field, 'an array of names');
  }

  /** The message names the field, never what was in it. */
  refuse(field: string, expected: string): never {
    throw new StageflowError({
      code: 'AUTH_IDENTITY_INVALID',
      message: `${this.#subject} was given a value for ${field} that is not ${expected}.`,
      fix: `Give ${field} as ${expected}, or leave it out.`,
      details: { field },
    });
  }
}

/** What `new` ends in, for classes whose instances vouch for a caller. */
export function refuseConstruction(className: string): never {
  throw new StageflowError({
    code: 'AUTH_IDENTITY_INVALID',
    message: `${className} was called with new: whoever makes one vouches for the caller, and has to say so.`,
    fix: `Call ${className}.verified({ … }), or let a TokenVerifier make it.`,
    details: { className },
  });
}
