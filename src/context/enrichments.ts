import { fields, list, optional, text } from './shape.js';

/** Who the run works for, as far as somebody looked it up. Fields of your own are kept. */
export interface Profile {
  readonly displayName?: string | null;
  /** BCP 47: `pt-BR`. */
  readonly locale?: string | null;
  readonly goals?: readonly string[];
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What earlier runs left to remember. Fields of your own are kept. */
export interface Memory {
  readonly summary?: string | null;
  readonly facts?: readonly string[];
  readonly topics?: readonly string[];
  readonly [field: string]: unknown;
}

/** A document the run may use. Fields of your own are kept. */
export interface SnapshotDocument {
  readonly id: string;
  readonly type?: string | null;
  readonly title?: string | null;
  readonly content?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** One find of a web search. Fields of your own are kept. */
export interface WebResult {
  readonly url: string;
  readonly title?: string | null;
  readonly snippet?: string | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** What the caller had looked up before the run started. */
export interface Enrichments {
  readonly profile: Profile | null;
  readonly memory: Memory | null;
  readonly documents: readonly SnapshotDocument[];
  readonly webResults: readonly WebResult[];
}

const NONE: readonly never[] = Object.freeze([]);
export const NO_ENRICHMENTS: Enrichments = Object.freeze({
  profile: null,
  memory: null,
  documents: NONE,
  webResults: NONE,
});

const anyFields = fields({});
const texts = list(text);

export const enrichmentsShape = fields({
  profile: optional(
    fields({
      displayName: optional(text),
      locale: optional(text),
      goals: optional(texts),
      preferences: optional(anyFields),
    }),
  ),
  memory: optional(fields({ summary: optional(text), facts: optional(texts), topics: optional(texts) })),
  documents: list(
    fields({
      id: text,
      type: optional(text),
      title: optional(text),
      content: optional(text),
      metadata: optional(anyFields),
    }),
  ),
  webResults: list(
    fields({ url: text, title: optional(text), snippet: optional(text), metadata: optional(anyFields) }),
  ),
});
