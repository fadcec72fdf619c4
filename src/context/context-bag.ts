import { StageflowError } from '../errors/index.js';
import { deepFreeze } from '../payload/index.js';
import { type CallSite, callSite, siteText } from './call-site.js';

interface Entry {
  readonly value: unknown;
  readonly writer: string;
  readonly site: CallSite;
}

/** A key of the bag that knows the type of its value. Compared by name. */
export class BagKey<in out T> {
  readonly name: string;
  /** Type only; never set. */
  declare readonly type: (value: T) => T;

  /** @internal */
  constructor(name: string) {
    this.name = name;
    Object.freeze(this);
  }
}

/** Makes a typed key: `const LANGUAGE = bagKey<string>('language')`, shared by who writes it and who reads it. */
export function bagKey<T>(name: string): BagKey<T> {
  return new BagKey(name);
}

/** What stages see of the bag: each stage writes under its own name, and reads what stages upstream of it wrote. */
export interface BagView {
  /**
   * Stores `value` for the rest of the run, frozen as `deepFreeze` does it.
   * @throws BAG_CONFLICT if any stage wrote this key before
   */
  set<T>(key: BagKey<T>, value: T): void;
  set(key: string, value: unknown): void;
  /** Whether `get` would give a value: false also while only stages have written it that this one does not run after. */
  has(key: BagKey<any> | string): boolean; // any: a key is read and written, and here neither
  /**
   * @throws BAG_KEY_MISSING if nobody wrote the key; use `has` to ask first
   * @throws BAG_NOT_UPSTREAM if a stage wrote it that this one does not run after
   */
  get<T>(key: BagKey<T>): T;
  get(key: string): unknown;
}

/** Whether `reader` always runs after `writer`. */
export type IsUpstream = (writer: string, reader: string) => boolean;

/**
 * Write-once storage shared by the stages of one run, for facts that are not part of an output.
 *
 * Invariants: the first value of a key stays. A stage reads what it wrote itself and what stages upstream of it wrote, so
 * that what it finds does not depend on who happened to be faster.
 */
export class ContextBag {
  readonly #entries = new Map<string, Entry>();

  /** @param entry the function that the stage called; its caller is the site that a conflict names */
  set(key: string, value: unknown, writer: string, entry: Function = this.set): void {
    const site = callSite(entry);
    const first = this.#entries.get(key);
    if (first !== undefined) throw conflict(key, first, { value, writer, site });
    this.#entries.set(key, { value: deepFreeze(value), writer, site });
  }

  has(key: string, reader: string, isUpstream: IsUpstream): boolean {
    const entry = this.#entries.get(key);
    return entry !== undefined && mayRead(entry, reader, isUpstream);
  }

  read(key: string, reader: string, isUpstream: IsUpstream): unknown {
    const entry = this.#entries.get(key);
    if (entry === undefined) throw this.#missing(key);
    if (!mayRead(entry, reader, isUpstream)) throw notUpstream(key, entry.writer, reader);
    return entry.value;
  }

  /** Forgets what these stages have written, so that it can be written again. */
  withdraw(writers: ReadonlySet<string>): void {
    for (const [key, { writer }] of this.#entries) if (writers.has(writer)) this.#entries.delete(key);
  }

  /** What one stage has written, in the order it did. */
  writtenBy(stage: string): readonly (readonly [key: string, value: unknown])[] {
    const written: [string, unknown][] = [];
    for (const [key, { writer, value }] of this.#entries) if (writer === stage) written.push([key, value]);
    return written;
  }

  /** Everything that was written, in the order it was. */
  get values(): readonly unknown[] {
    return Array.from(this.#entries.values(), ({ value }) => value);
  }

  /** Everything by key, in the order it was written. */
  toMap(): ReadonlyMap<string, unknown> {
    return new Map(Array.from(this.#entries, ([key, { value }]) => [key, value]));
  }

  #missing(key: string): StageflowError {
    const written = [...this.#entries.keys()];
    return new StageflowError({
      code: 'BAG_KEY_MISSING',
      message: `No stage has written bag key "${key}". Written so far: ${written.join(', ') || 'nothing'}.`,
      fix: 'Depend on the stage that writes it, or ask has() first.',
      details: { key, written },
    });
  }
}

function mayRead({ writer }: Entry, reader: string, isUpstream: IsUpstream): boolean {
  return writer === reader || isUpstream(writer, reader);
}

function conflict(key: string, first: Entry, second: Entry): StageflowError {
  const [firstSite, secondSite] = [siteText(first.site), siteText(second.site)];
  const at = (site: string | null): string => (site === null ? '' : ` (${site})`);
  return new StageflowError({
    code: 'BAG_CONFLICT',
    message: `Stage "${second.writer}"${at(secondSite)} writes bag key "${key}", which stage "${first.writer}"${at(firstSite)} has already written; the first value is kept.`,
    fix: 'Give each stage its own key, or hand the value on as an output.',
    details: { key, firstWriter: first.writer, secondWriter: second.writer, firstSite, secondSite },
  });
}

function notUpstream(key: string, writer: string, reader: string): StageflowError {
  return new StageflowError({
    code: 'BAG_NOT_UPSTREAM',
    message: `Stage "${reader}" reads bag key "${key}", which stage "${writer}" wrote, but does not run after it: what it finds would depend on which is faster.`,
    fix: `Let "${reader}" depend on "${writer}".`,
    details: { key, writer, reader },
  });
}
