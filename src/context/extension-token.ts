import type { StandardIssue, StandardSchema } from '../contracts/index.js';
import { deepFreeze, formatPath, frozenCopy, type PayloadProblem } from '../payload/index.js';

export interface ExtensionOptions<D> {
  /** The version of the stored data, a whole number from 1. Default 1. `decode` is told the version that was stored. */
  readonly version?: number;
  /**
   * Checks the data when a snapshot is made and when it is read: a Standard Schema that validates at once, or a function
   * that gives the data, or throws to refuse it. With `encode`, the data is what that gives.
   */
  // What a schema takes is not known here; what it gives is.
  readonly validate?: StandardSchema<any, D> | ((data: unknown) => D);
}

/** For class instances: how one becomes data, and data one. */
export interface ExtensionCodec<T, D> extends ExtensionOptions<D> {
  /** The plain data that stands for an instance. */
  readonly encode: (value: T) => unknown;
  /** Builds the instance, nested ones included, from data that was checked. `version` is the one that was stored. */
  readonly decode: (data: D, version: number) => T;
}

/** A value for a token, to be given to a snapshot. */
export interface ExtensionEntry {
  readonly token: ExtensionToken;
  readonly value: unknown;
}

// `any` by default: a list of tokens holds tokens of many types, and T is both read and written.
/**
 * Names what one extension of a snapshot is and how it is stored. Make one with `extensionToken`, once, and share it. Also a
 * token of the container: `@Inject(TOKEN)` gives the value of the run, and makes the class run-scoped.
 */
export class ExtensionToken<in out T = any> {
  readonly name: string;
  /** Type only; never set. */
  declare readonly type: T;
  readonly version: number;
  readonly #options: ExtensionOptions<unknown> & Partial<ExtensionCodec<T, unknown>>;

  /** @internal */
  constructor(name: string, options: ExtensionOptions<unknown> & Partial<ExtensionCodec<T, unknown>>) {
    this.name = name;
    this.version = options.version ?? 1;
    this.#options = options;
    Object.freeze(this);
  }

  /** How the container names it in errors. */
  get description(): string {
    return this.name;
  }

  toString(): string {
    return this.name;
  }

  /** A value under this token, for `extensions` of a snapshot. */
  of(value: T): ExtensionEntry {
    return Object.freeze({ token: this, value });
  }

  /** The data that is stored for `value`: a frozen copy, checked. Notes what is wrong. */
  write(value: T, path: string, problems: PayloadProblem[]): unknown {
    const { encode } = this.#options;
    try {
      return frozenCopy(encode === undefined ? value : encode(value), path, problems);
    } catch (error) {
      problems.push({ path, problem: `cannot be encoded: ${reasonOf(error)}` });
      return undefined;
    }
  }

  /** The value that `data`, stored as `version`, stands for. Notes what is wrong. */
  read(data: unknown, version: number, path: string, problems: PayloadProblem[]): T | undefined {
    const before = problems.length;
    const { validate, decode } = this.#options;
    const valid = validate === undefined ? data : validated(validate, data, path, problems);
    if (problems.length > before) return undefined;
    if (decode === undefined) return frozenCopy(valid, path, problems) as T;
    try {
      return deepFreeze(decode(valid, version), { instances: true });
    } catch (error) {
      problems.push({ path, problem: `cannot be decoded: ${reasonOf(error)}` });
      return undefined;
    }
  }
}

/**
 * Declares an extension: a typed value of your own that travels with a snapshot and is stored with it.
 * @param name unique among the extensions of a snapshot; it is what is stored
 */
export function extensionToken<T>(name: string, options?: ExtensionOptions<T>): ExtensionToken<T>;
export function extensionToken<T, D>(name: string, options: ExtensionCodec<T, D>): ExtensionToken<T>;
export function extensionToken(name: string, options: ExtensionOptions<unknown> = {}): ExtensionToken {
  return new ExtensionToken(name, options);
}

function validated(
  validate: StandardSchema | ((data: unknown) => unknown),
  data: unknown,
  path: string,
  problems: PayloadProblem[],
): unknown {
  try {
    // A schema may be a function with the property; a plain function is called.
    if (!('~standard' in validate)) return validate(data);
    const result = validate['~standard'].validate(data);
    if (result instanceof Promise) {
      result.catch(() => {}); // it is not waited for; what it says comes too late
      problems.push({ path, problem: 'has a schema that validates asynchronously, and a snapshot cannot wait' });
      return undefined;
    }
    if (result.issues === undefined) return result.value;
    for (const issue of result.issues)
      problems.push({ path: issuePath(path, issue), problem: `is refused: ${issue.message}` });
  } catch (error) {
    problems.push({ path, problem: `is refused: ${reasonOf(error)}` });
  }
  return undefined;
}

function issuePath(path: string, { path: steps = [] }: StandardIssue): string {
  const keys = steps.map((step) => (typeof step === 'object' ? step.key : step));
  return formatPath(
    path,
    keys.map((key) => (typeof key === 'symbol' ? String(key) : key)),
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it threw something that is not an error';
}
