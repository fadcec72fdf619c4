import { type Check, fields, list, oneOf, optional, text } from './shape.js';

/** Who speaks in a message. */
export const MessageRole = { System: 'system', User: 'user', Assistant: 'assistant', Tool: 'tool' } as const;
export type MessageRole = (typeof MessageRole)[keyof typeof MessageRole];

/** One message of the conversation a run belongs to. */
export interface Message {
  readonly role: MessageRole;
  readonly content: string;
  /** Who speaks, where the role does not say it: the name of a tool or of one of several users. */
  readonly name?: string | null;
  readonly at?: Date | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Where the caller's router sent this conversation, and why. */
export interface RoutingDecision {
  /** What was chosen: the name of an agent, a pipeline or a topology. */
  readonly route: string;
  readonly reason?: string | null;
  /** 0 to 1. */
  readonly confidence?: number | null;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What was said before the run. */
export interface Conversation {
  /** Oldest first. */
  readonly messages: readonly Message[];
  readonly routing: RoutingDecision | null;
}

export const NO_CONVERSATION: Conversation = Object.freeze({ messages: Object.freeze([]), routing: null });

const share: Check = (value) =>
  typeof value === 'number' && value >= 0 && value <= 1 ? null : 'must be a number from 0 to 1';
const date: Check = (value) => (value instanceof Date ? null : 'must be a Date');
const anyFields = fields({});

export const conversationShape = fields({
  messages: list(
    fields({
      role: oneOf(Object.values(MessageRole)),
      content: text,
      name: optional(text),
      at: optional(date),
      metadata: optional(anyFields),
    }),
  ),
  routing: optional(
    fields({ route: text, reason: optional(text), confidence: optional(share), metadata: optional(anyFields) }),
  ),
});
