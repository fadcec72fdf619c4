import { frozenCopy, type PayloadProblem, payloadError } from '../payload/index.js';
import { type Conversation, conversationShape, NO_CONVERSATION } from './conversation.js';
import { type Enrichments, enrichmentsShape, NO_ENRICHMENTS } from './enrichments.js';
import type { ExtensionEntry } from './extension-token.js';
import type { RunIdentity } from './run-identity.js';
import { fields, isRecord, note, optional, text } from './shape.js';
import { SnapshotExtensions } from './snapshot-extensions.js';

/** What may be given for a snapshot, its identity apart. */
export interface SnapshotFieldsInit<I = unknown> {
  readonly inputText?: string | null;
  readonly input?: I;
  readonly topology?: string | null;
  readonly executionMode?: string | null;
  readonly conversation?: Partial<Conversation> | null;
  readonly enrichments?: Partial<Enrichments> | null;
  /** Values under their tokens, `TOKEN.of(value)`, or all those of another snapshot. */
  readonly extensions?: readonly ExtensionEntry[] | SnapshotExtensions;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What a snapshot is made of. */
export interface SnapshotFields<I = unknown> extends SnapshotParts<I> {
  readonly identity: RunIdentity;
  readonly inputText: string | null;
  readonly topology: string | null;
  readonly executionMode: string | null;
}

/** The fields that have an inside. */
export interface SnapshotParts<I = unknown> {
  readonly input: I;
  readonly conversation: Conversation;
  readonly enrichments: Enrichments;
  readonly extensions: SnapshotExtensions;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Shared by every snapshot that has nothing else: most runs are started with little. */
export const NO_PARTS: SnapshotParts<undefined> = Object.freeze({
  input: undefined,
  conversation: NO_CONVERSATION,
  enrichments: NO_ENRICHMENTS,
  extensions: SnapshotExtensions.none,
  metadata: Object.freeze({}),
});

/** What is wrong with a snapshot: what cannot be stored at all, and what can be but has no place there. */
export class SnapshotProblems {
  readonly lost: PayloadProblem[] = [];
  readonly wrong: PayloadProblem[] = [];

  /** @throws SNAPSHOT_NOT_ENCODABLE or SNAPSHOT_INVALID with all of them, if there are any */
  throwIfAny(): void {
    const problems = [...this.lost, ...this.wrong];
    if (problems.length === 0) return;
    if (this.lost.length > 0) {
      throw payloadError({
        code: 'SNAPSHOT_NOT_ENCODABLE',
        subject: 'A snapshot cannot be stored with what it was given',
        problems,
        fix: 'Give plain data, and hand services to stages by injection. For a class of your own use an extension with encode and decode.',
      });
    }
    throw payloadError({
      code: 'SNAPSHOT_INVALID',
      subject: 'A snapshot cannot be made of what it was given',
      problems,
      fix: 'Correct these fields.',
    });
  }
}

/** Whether all that is given are the fields that have no inside. */
export function isBare(init: SnapshotFieldsInit): boolean {
  return (
    init.input === undefined &&
    init.metadata === undefined &&
    init.conversation === undefined &&
    init.enrichments === undefined &&
    init.extensions === undefined &&
    hasTexts(init)
  );
}

function hasTexts({ inputText, topology, executionMode }: SnapshotFieldsInit): boolean {
  return isText(inputText) && isText(topology) && isText(executionMode);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || value === undefined || value === null;
}

const TEXTS = ['inputText', 'topology', 'executionMode'] as const;
const maybeText = optional(text);
const record = fields({});

/** Frozen copies of what is given, checked; what is not given is taken from `absent`. */
export function readParts<I>(
  init: SnapshotFieldsInit<I>,
  absent: SnapshotParts,
  problems: SnapshotProblems,
): SnapshotParts<I> {
  const { lost, wrong } = problems;
  if (!hasTexts(init)) for (const name of TEXTS) note(maybeText, init[name], name, wrong);
  const { input, metadata, conversation, enrichments, extensions } = init;
  return {
    input: (input === undefined && !('input' in init) ? absent.input : frozenCopy(input, 'input', lost)) as I,
    conversation: conversation === undefined ? absent.conversation : readConversation(conversation, problems),
    enrichments: enrichments === undefined ? absent.enrichments : readEnrichments(enrichments, problems),
    extensions: extensions === undefined ? absent.extensions : readExtensions(extensions, problems),
    metadata: metadata === undefined ? absent.metadata : readMetadata(metadata, problems),
  };
}

function readConversation(given: Partial<Conversation> | null, problems: SnapshotProblems): Conversation {
  const whole = completed('conversation', given, NO_CONVERSATION, problems);
  if (whole === null) return NO_CONVERSATION;
  note(conversationShape, whole, 'conversation', problems.wrong);
  return Object.freeze({ messages: whole.messages, routing: whole.routing });
}

function readEnrichments(given: Partial<Enrichments> | null, problems: SnapshotProblems): Enrichments {
  const whole = completed('enrichments', given, NO_ENRICHMENTS, problems);
  if (whole === null) return NO_ENRICHMENTS;
  note(enrichmentsShape, whole, 'enrichments', problems.wrong);
  const { profile, memory, documents, webResults } = whole;
  return Object.freeze({ profile, memory, documents, webResults });
}

/** A frozen copy of what is given with what is absent filled in; null if there is nothing to look at. */
function completed<T extends object>(
  name: string,
  given: Partial<T> | null,
  absent: T,
  { lost, wrong }: SnapshotProblems,
): T | null {
  if (given === null) return null;
  const before = lost.length;
  const copy = frozenCopy(given, name, lost);
  if (lost.length > before) return null;
  if (isRecord(copy)) return { ...absent, ...definedOnly(copy as Partial<T>) };
  note(record, copy, name, wrong);
  return null;
}

function readExtensions(
  given: readonly ExtensionEntry[] | SnapshotExtensions,
  { lost, wrong }: SnapshotProblems,
): SnapshotExtensions {
  return given instanceof SnapshotExtensions ? given : SnapshotExtensions.of(given, lost, wrong);
}

function readMetadata(given: unknown, { lost, wrong }: SnapshotProblems): Readonly<Record<string, unknown>> {
  note(record, given, 'metadata', wrong);
  return frozenCopy(given, 'metadata', lost) as Readonly<Record<string, unknown>>;
}

/** An explicit undefined or null stands for what is absent. */
function definedOnly<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== null),
  ) as Partial<T>;
}
