import { DefinitionError, type ErrorCode, type Problem } from '../src/errors/index.js';
import { type MetadataKind, readOwnMetadata } from '../src/metadata/index.js';

export const NOT_YET_DECLARED =
  'it did not exist yet when the decorator ran, because files import each other in a circle or because it is declared further down in the same file.';
const DECLARE_FIRST =
  'Declare it before this class; if it is imported, from a file that does not import this one, not even through another.';

/** Collects what is wrong with one use of one decorator, so that all of it is reported at once. */
export class Misuse {
  readonly subject: string;
  readonly className: string;
  readonly #decorator: string;
  readonly #problems: Problem[] = [];

  constructor(decorator: string, target: unknown) {
    this.#decorator = decorator;
    this.className = isClass(target) ? target.name || '(anonymous class)' : describeValue(target);
    this.subject = `${decorator} on "${this.className}"`;
  }

  /** `message` continues the subject: `@Stage on "Fetch" …`. */
  add(message: string, fix: string, details: Readonly<Record<string, unknown>> = {}, code?: ErrorCode): void {
    this.include([
      {
        code: code ?? 'METADATA_OPTION_INVALID',
        message: `${this.subject} ${message}`,
        fix,
        details: { decorator: this.#decorator, class: this.className, ...details },
      },
    ]);
  }

  include(problems: readonly Problem[]): void {
    this.#problems.push(...problems);
  }

  /**
   * A list entry or argument that is not what the decorator takes. `undefined` gets its own message: it nearly always is
   * a class that does not exist yet, which nobody would guess from the word "undefined".
   */
  addUnfit(value: unknown, where: string, expected: string, code?: ErrorCode): void {
    if (value === undefined) {
      this.add(`has undefined as ${where}: ${NOT_YET_DECLARED}`, DECLARE_FIRST, { where, undefined: true }, code);
    } else {
      this.add(`has ${describeValue(value)} as ${where}.`, `Pass ${expected} there.`, { where }, code);
    }
  }

  /** @throws DefinitionError with everything that was added, if anything was. */
  throwIfAny(): void {
    if (this.#problems.length > 0) throw new DefinitionError(this.subject, this.#problems);
  }
}

/**
 * Starts the checks every class decorator shares: it stands on a class, and only once.
 * @throws DefinitionError at once if not, since no further check would make sense.
 */
export function startChecks(
  decorator: string,
  kind: MetadataKind,
  target: unknown,
  isApplied: (target: AnyClass) => boolean = (given) => readOwnMetadata(kind, given) !== undefined,
): Misuse {
  const misuse = new Misuse(decorator, target);
  if (!isClass(target)) {
    misuse.add('does not stand on a class.', `Put ${decorator}(…) directly above \`class\`.`);
  } else if (isApplied(target)) {
    misuse.add('is applied twice.', `Keep one ${decorator}(…) and put everything it says into it.`);
  }
  misuse.throwIfAny();
  return misuse;
}

/** Objects from untyped code: a misspelt option would otherwise be ignored without a word. */
export function checkOptionNames(misuse: Misuse, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    misuse.add(`was given ${describeValue(options)} instead of options.`, `Pass an object with ${known.join(', ')}.`);
    misuse.throwIfAny();
  }
  for (const option of Object.keys(options as object)) {
    if (known.includes(option)) continue;
    misuse.add(`has no option "${option}".`, `The options are ${known.join(', ')}.`, { option });
  }
}

type AnyClass = abstract new (...args: never[]) => object;

export function isClass(value: unknown): value is AnyClass {
  return typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null;
}

export function describeValue(value: unknown): string {
  if (typeof value === 'function') return isClass(value) ? `class ${value.name || '(anonymous)'}` : 'a function';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value !== 'object' || value === null) return String(value);
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.join(', ')}`;
}
