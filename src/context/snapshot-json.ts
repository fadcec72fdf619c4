/*
 * How a snapshot is stored, version 1:
 *
 *   { version: 1, identity, inputText, input?, topology, executionMode, conversation, enrichments, extensions, metadata }
 *
 * Everything with an inside is encoded as `src/payload` encodes it (version 1 of that encoding). `input` is left out if
 * there is none. Extensions stand by name as { version, data }. Unknown fields are passed over.
 */
import { decodeOrNote, encodePayload, type Json } from '../payload/index.js';
import type { ExtensionToken } from './extension-token.js';
import { isFlat, readFlat } from './flat-layout.js';
import { createRunIdentity, type RunIdentity, type RunIdentityInit } from './run-identity.js';
import { count, fields, isRecord, note, optional, ownField, text } from './shape.js';
import { SnapshotExtensions } from './snapshot-extensions.js';
import {
  NO_PARTS,
  readParts,
  type SnapshotFields,
  type SnapshotFieldsInit,
  type SnapshotProblems,
} from './snapshot-fields.js';

export const SNAPSHOT_VERSION = 1;

/** A stored snapshot, as `JSON.stringify` and `JSON.parse` leave it. */
export interface SnapshotJson {
  readonly version: typeof SNAPSHOT_VERSION;
  readonly identity: RunIdentity;
  readonly inputText: string | null;
  readonly input?: Json;
  readonly topology: string | null;
  readonly executionMode: string | null;
  readonly conversation: Json;
  readonly enrichments: Json;
  readonly extensions: Readonly<Record<string, Json>>;
  readonly metadata: Json;
}

export function writeSnapshot(snapshot: SnapshotFields): SnapshotJson {
  const { identity, inputText, input, topology, executionMode, extensions } = snapshot;
  return {
    version: SNAPSHOT_VERSION,
    identity,
    inputText,
    ...(input === undefined ? {} : { input: encodePayload(input, 'input') }),
    topology,
    executionMode,
    conversation: encodePayload(snapshot.conversation, 'conversation'),
    enrichments: encodePayload(snapshot.enrichments, 'enrichments'),
    extensions: extensions.toJSON(),
    metadata: encodePayload(snapshot.metadata, 'metadata'),
  };
}

/** Reads version 1 and the older flat layout. What is wrong is noted; the result is then of no use. */
export function readSnapshot(
  data: unknown,
  tokens: readonly ExtensionToken[],
  problems: SnapshotProblems,
): SnapshotFields {
  const stored = isRecord(data) ? (isFlat(data) ? readFlat(data, problems.wrong) : readCurrent(data, problems)) : {};
  if (!isRecord(data)) problems.wrong.push({ path: 'snapshot', problem: 'must be an object; parse text first' });
  const extensions = SnapshotExtensions.fromJSON(ownField(stored, 'extensions'), tokens, problems.wrong);
  const init: SnapshotFieldsInit = { ...stored, extensions };
  const { inputText = null, topology = null, executionMode = null } = init;
  const identity = readIdentity(ownField(stored, 'identity'), problems);
  return { identity, inputText, topology, executionMode, ...readParts(init, NO_PARTS, problems) };
}

const PLAIN = ['identity', 'inputText', 'topology', 'executionMode', 'extensions'];
const ENCODED = ['input', 'conversation', 'enrichments', 'metadata'];

function readCurrent(data: object, { wrong }: SnapshotProblems): Record<string, unknown> {
  const version = ownField(data, 'version');
  if (version !== SNAPSHOT_VERSION) {
    const found = typeof version === 'number' ? `is ${version}` : 'is missing';
    wrong.push({ path: 'version', problem: `${found}; this release reads version ${SNAPSHOT_VERSION}` });
    return {};
  }
  const stored: Record<string, unknown> = {};
  for (const name of PLAIN) stored[name] = ownField(data, name);
  for (const name of ENCODED) {
    const json = ownField(data, name);
    if (json !== undefined) stored[name] = decodeOrNote(json, name, wrong);
  }
  return stored;
}

const nullableId = optional(text);
const identityShape = fields({
  runId: text,
  requestId: nullableId,
  sessionId: nullableId,
  userId: nullableId,
  orgId: nullableId,
  interactionId: nullableId,
  parentRunId: nullableId,
  parentStage: nullableId,
  rootRunId: nullableId,
  depth: optional(count),
  correlationId: nullableId,
});

function readIdentity(stored: unknown, { wrong }: SnapshotProblems): RunIdentity {
  const before = wrong.length;
  note(identityShape, stored, 'identity', wrong);
  return createRunIdentity(wrong.length > before ? {} : (stored as RunIdentityInit));
}
