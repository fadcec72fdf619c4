import { payloadError } from '../payload/index.js';
import type { Conversation } from './conversation.js';
import type { Enrichments } from './enrichments.js';
import type { ExtensionToken } from './extension-token.js';
import { createRunIdentity, type RunIdentity, type RunIdentityInit } from './run-identity.js';
import type { SnapshotExtensions } from './snapshot-extensions.js';
import {
  isBare,
  NO_PARTS,
  readParts,
  type SnapshotFields,
  type SnapshotFieldsInit,
  SnapshotProblems,
} from './snapshot-fields.js';
import { readSnapshot, type SnapshotJson, writeSnapshot } from './snapshot-json.js';

export interface ContextSnapshotInit<I = unknown> extends SnapshotFieldsInit<I> {
  readonly identity?: RunIdentityInit;
}

/**
 * What a run was started with: frozen throughout, the same object for every stage of the run, and storable.
 *
 * It holds copies of the objects it is given, so the caller's stay the caller's. Text and bytes are shared, not copied, and
 * so is whatever was handed over with `deepFreeze`. Bytes are the one thing in a snapshot that nothing can freeze.
 */
export class ContextSnapshot<out I = unknown> implements SnapshotFields<I> {
  readonly identity: RunIdentity;
  readonly inputText: string | null;
  readonly input: I;
  /** The name of the topology the caller chose. */
  readonly topology: string | null;
  readonly executionMode: string | null;
  readonly conversation: Conversation;
  readonly enrichments: Enrichments;
  readonly extensions: SnapshotExtensions;
  readonly metadata: Readonly<Record<string, unknown>>;

  /**
   * @throws SNAPSHOT_NOT_ENCODABLE with every field that cannot be stored: functions, class instances, circles
   * @throws SNAPSHOT_INVALID with every field that is not what it must be
   */
  constructor(init: ContextSnapshotInit<I> = {}) {
    const parts = isBare(init) ? NO_PARTS : readNow(init);
    this.identity = createRunIdentity(init.identity);
    this.inputText = init.inputText ?? null;
    // An absent input reads as undefined; only callers whose I includes undefined may leave it out.
    this.input = parts.input as I;
    this.topology = init.topology ?? null;
    this.executionMode = init.executionMode ?? null;
    this.conversation = parts.conversation;
    this.enrichments = parts.enrichments;
    this.extensions = parts.extensions;
    this.metadata = parts.metadata;
    Object.freeze(this);
  }

  /** A copy with some fields changed, for another run or a test; what is not changed is shared. The identity stays. */
  with<J = I>(changes: SnapshotFieldsInit<J>): ContextSnapshot<J> {
    const problems = new SnapshotProblems();
    const parts = readParts(changes, this, problems);
    problems.throwIfAny();
    const { inputText = this.inputText, topology = this.topology, executionMode = this.executionMode } = changes;
    return assemble({ identity: this.identity, inputText, topology, executionMode, ...parts });
  }

  /** For storage, also by `JSON.stringify`. What JSON can say as it is is shared with the snapshot, and frozen. */
  toJSON(): SnapshotJson {
    return writeSnapshot(this);
  }

  /**
   * Reads what `toJSON` gave. Fields it does not know are passed over, extensions without a token in `options` are kept as
   * they are, and the older flat layout is understood. Shares nothing with `data`.
   * @throws SNAPSHOT_INVALID with everything that is wrong
   */
  static fromJSON(data: unknown, options: { readonly extensions?: readonly ExtensionToken[] } = {}): ContextSnapshot {
    const problems = new SnapshotProblems();
    const fields = readSnapshot(data, options.extensions ?? [], problems);
    const found = [...problems.wrong, ...problems.lost];
    if (found.length === 0) return assemble(fields);
    throw payloadError({
      code: 'SNAPSHOT_INVALID',
      subject: 'A stored snapshot cannot be read',
      problems: found,
      fix: 'Read it as it was stored, with a release that knows its version.',
    });
  }
}

/** The same snapshot, of a run whose caller has become known. */
export function withIdentity<I>(snapshot: ContextSnapshot<I>, identity: RunIdentityInit): ContextSnapshot<I> {
  return assemble({ ...snapshot, identity: createRunIdentity({ ...snapshot.identity, ...identity }) });
}

function readNow<I>(init: SnapshotFieldsInit<I>) {
  const problems = new SnapshotProblems();
  const parts = readParts(init, NO_PARTS, problems);
  problems.throwIfAny();
  return parts;
}

/** A snapshot of fields that are checked and frozen already. */
function assemble<I>(fields: SnapshotFields<I>): ContextSnapshot<I> {
  const { identity, inputText, input, topology, executionMode, conversation, enrichments, extensions, metadata } =
    fields;
  const whole = {
    identity,
    inputText,
    input,
    topology,
    executionMode,
    conversation,
    enrichments,
    extensions,
    metadata,
  };
  return Object.freeze(Object.assign(Object.create(ContextSnapshot.prototype), whole));
}
