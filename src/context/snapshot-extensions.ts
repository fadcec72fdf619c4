import { StageflowError } from '../errors/index.js';
import {
  decodeOrNote,
  encodeOrNote,
  frozenCopy,
  type Json,
  type PayloadProblem,
  payloadError,
} from '../payload/index.js';
import type { ExtensionEntry, ExtensionToken } from './extension-token.js';
import { isRecord, ownField } from './shape.js';

/** An extension whose token is known: what stages read, and the data that is stored for it. */
interface Known {
  readonly token: ExtensionToken;
  readonly value: unknown;
  readonly data: unknown;
  /** Of the data; older than the token's if it was stored by an earlier release of the program. */
  readonly version: number;
}

/** An extension that was read without its token: kept as it was stored, and written back unchanged. */
interface Unread {
  readonly token: null;
  readonly stored: Json;
}

type Extensions = Map<string, Known | Unread>;

/** The typed values of your own that a snapshot carries, each under its token. Immutable. */
export class SnapshotExtensions {
  static readonly none = new SnapshotExtensions(new Map());
  readonly #held: ReadonlyMap<string, Known | Unread>;

  private constructor(held: Extensions) {
    this.#held = held;
    Object.freeze(this);
  }

  /** What is there, known or not, in the order it was given. */
  get names(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** What is there with a known token, as stages read it. */
  get values(): readonly unknown[] {
    return [...this.#held.values()].flatMap((held) => (held.token === null ? [] : [held.value]));
  }

  has(token: ExtensionToken): boolean {
    return this.#held.has(token.name);
  }

  /** @throws EXTENSION_INVALID if the value was stored, its token was not given to `fromJSON`, and it does not fit. */
  get<T>(token: ExtensionToken<T>): T | undefined {
    const held = this.#held.get(token.name);
    if (held === undefined) return undefined;
    if (held.token === token) return held.value as T;
    const problems: PayloadProblem[] = [];
    const read = held.token === null ? readStored(token, held.stored, problems) : reread(token, held, problems);
    if (problems.length === 0) return read.value as T;
    throw payloadError({
      code: 'EXTENSION_INVALID',
      subject: `Extension "${token.name}" cannot be read with its token`,
      problems,
      fix: 'Ask with the token it was made with, or teach decode of the token the version that is stored.',
    });
  }

  /** @throws EXTENSION_MISSING if the snapshot has no such extension */
  require<T>(token: ExtensionToken<T>): T {
    if (this.has(token)) return this.get(token) as T;
    throw new StageflowError({
      code: 'EXTENSION_MISSING',
      message: `The snapshot has no extension "${token.name}". It has: ${this.names.join(', ') || 'none'}.`,
      fix: 'Give it in extensions when the run is started, or use get(), which gives undefined.',
      details: { name: token.name, names: this.names },
    });
  }

  /** As they are stored, by name. */
  toJSON(): Readonly<Record<string, Json>> {
    return Object.fromEntries(Array.from(this.#held, ([name, held]) => [name, writeExtension(held)]));
  }

  /** Made by a snapshot. Notes what is wrong under `extensions`. */
  static of(entries: readonly ExtensionEntry[], lost: PayloadProblem[], wrong: PayloadProblem[]): SnapshotExtensions {
    const held: Extensions = new Map();
    for (const { token, value } of entries) {
      const path = pathOf(token.name);
      if (held.has(token.name)) wrong.push({ path, problem: 'is given twice' });
      const before = lost.length;
      const data = token.write(value, path, lost);
      if (lost.length === before) held.set(token.name, known(token, data, token.version, path, wrong));
    }
    return held.size === 0 ? SnapshotExtensions.none : new SnapshotExtensions(held);
  }

  /** Made from what `toJSON` gave: read where the token is known, kept as it is where not. */
  static fromJSON(json: unknown, tokens: readonly ExtensionToken[], problems: PayloadProblem[]): SnapshotExtensions {
    if (json === undefined || json === null) return SnapshotExtensions.none;
    if (!isRecord(json)) {
      problems.push({ path: 'extensions', problem: 'must be an object' });
      return SnapshotExtensions.none;
    }
    const held: Extensions = new Map();
    for (const name of Object.keys(json)) {
      const stored = frozenCopy(ownField(json, name), pathOf(name), problems) as Json;
      const token = tokens.find((one) => one.name === name);
      held.set(name, token === undefined ? { token: null, stored } : readStored(token, stored, problems));
    }
    return held.size === 0 ? SnapshotExtensions.none : new SnapshotExtensions(held);
  }
}

function known(token: ExtensionToken, data: unknown, version: number, path: string, problems: PayloadProblem[]): Known {
  return { token, data, version, value: token.read(data, version, path, problems) };
}

function reread(token: ExtensionToken, { data, version }: Known, problems: PayloadProblem[]): Known {
  return known(token, data, version, pathOf(token.name), problems);
}

function readStored(token: ExtensionToken, stored: Json, problems: PayloadProblem[]): Known {
  const path = pathOf(token.name);
  const before = problems.length;
  const version = isRecord(stored) ? ownField(stored, 'version') : undefined;
  const json = isRecord(stored) ? ownField(stored, 'data') : undefined;
  if (!Number.isInteger(version) || json === undefined) {
    problems.push({ path, problem: 'must be an object with version and data' });
  }
  const data = problems.length > before ? null : frozenCopy(decodeOrNote(json, path, problems), path, problems);
  if (problems.length > before) return { token, data: null, version: 0, value: undefined };
  return known(token, data, version as number, path, problems);
}

function writeExtension(held: Known | Unread): Json {
  if (held.token === null) return held.stored;
  return { version: held.version, data: encodeOrNote(held.data, '', []) }; // it was checked when it was made
}

function pathOf(name: string): string {
  return `extensions[${JSON.stringify(name)}]`;
}
