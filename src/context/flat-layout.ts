/*
 * The layout before there was a version: ids, messages, documents and so on side by side, in camelCase or snake_case, values
 * as plain JSON. It is recognised by a run id at the top. Nothing in it is taken for an encoded value: a field "$date" of
 * somebody's metadata is just that.
 */
import { encodeOrNote, type PayloadProblem } from '../payload/index.js';
import { isRecord, ownField } from './shape.js';

type Stored = Record<string, unknown>;

const RUN_ID = ['runId', 'run_id', 'pipelineRunId', 'pipeline_run_id'];
const ids = ['requestId', 'sessionId', 'userId', 'orgId', 'interactionId', 'parentRunId', 'correlationId'];

export function isFlat(data: object): boolean {
  return !Object.hasOwn(data, 'version') && RUN_ID.some((name) => Object.hasOwn(data, name));
}

/** The same things under the names that a snapshot has for them, unchecked. */
export function readFlat(data: object, problems: PayloadProblem[]): Stored {
  const identity: Stored = { runId: pick(data, RUN_ID) };
  for (const id of ids) identity[id] = field(data, id);
  return withoutAbsent({
    identity,
    inputText: field(data, 'inputText'),
    input: field(data, 'input'),
    topology: field(data, 'topology'),
    executionMode: field(data, 'executionMode'),
    metadata: field(data, 'metadata') ?? undefined,
    conversation: {
      messages: eachOf(field(data, 'messages'), { at: ['at', 'timestamp'] }, withDate),
      routing: renamed(pick(data, ['routing', 'routingDecision', 'routing_decision']), {
        route: ['route', 'agentId', 'agent_id'],
      }),
    },
    enrichments: {
      profile: renamed(field(data, 'profile'), { displayName: ['displayName', 'display_name'] }),
      memory: field(data, 'memory'),
      documents: eachOf(field(data, 'documents'), {
        id: ['id', 'documentId', 'document_id'],
        type: ['type', 'documentType', 'document_type'],
      }),
      webResults: field(data, 'webResults'),
    },
    extensions: versioned(field(data, 'extensions'), problems),
  });
}

/** The field in camelCase, or in snake_case. */
function field(data: object, name: string): unknown {
  return pick(data, [name, name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]);
}

function pick(data: object, names: readonly string[]): unknown {
  const name = names.find((one) => Object.hasOwn(data, one));
  return name === undefined ? undefined : ownField(data, name);
}

type Names = Readonly<Record<string, readonly string[]>>;

/** With each field under its first name. What is no object is left for the check to refuse. */
function renamed(value: unknown, names: Names): unknown {
  if (!isRecord(value)) return value;
  const result: Stored = { ...value };
  for (const [name, others] of Object.entries(names)) {
    const found = pick(value, others);
    for (const other of others) delete result[other];
    if (found !== undefined) result[name] = found;
  }
  return result;
}

function eachOf(value: unknown, names: Names, change: (item: unknown) => unknown = (item) => item): unknown {
  return Array.isArray(value) ? value.map((item) => change(renamed(item, names))) : value;
}

function withDate(message: unknown): unknown {
  if (!isRecord(message) || typeof message.at !== 'string') return message;
  const at = new Date(message.at);
  return Number.isNaN(at.getTime()) ? message : { ...message, at };
}

/** Extensions had no version then; what they held counts as version 1. */
function versioned(value: unknown, problems: PayloadProblem[]): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.keys(value).map((name) => {
    return [name, { version: 1, data: encodeOrNote(ownField(value, name), `extensions.${name}`, problems) }] as const;
  });
  return Object.fromEntries(entries);
}

function withoutAbsent(stored: Stored): Stored {
  return Object.fromEntries(Object.entries(stored).filter(([, value]) => value !== undefined));
}
