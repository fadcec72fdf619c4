/** A call of a tool, as the model asks for it. */
export interface ModelCall {
  /** The model's own id, by which it finds the result. */
  readonly id: string;
  readonly name: string;
  /** The arguments as they came: JSON, or what was to be JSON. */
  readonly arguments: string;
}

/** What is said to a model, oldest first. */
export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly text: string }
  | {
      readonly role: 'assistant';
      readonly text: string;
      readonly calls: readonly ModelCall[];
      /** What the adapter gave as `opaque` in that turn, for nobody but itself. */
      readonly opaque?: unknown;
    }
  | {
      readonly role: 'tool';
      readonly callId: string;
      readonly tool: string;
      readonly text: string;
      /** The call has no result; `text` says why. */
      readonly failed: boolean;
    };

/** A tool as the model sees it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema, draft 2020-12. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** What a model is asked in one turn. */
export interface ModelRequest {
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  /** What the final answer has to be, for models that can be held to it; null for text. */
  readonly output: { readonly name: string; readonly schema: Readonly<Record<string, unknown>> } | null;
  /** The answer must not be longer; null for what the model takes by itself. */
  readonly maxOutputTokens: number | null;
  /** Null for the default of the model. */
  readonly temperature: number | null;
}

/** Why a model stopped. */
export const FinishReason = {
  Stop: 'stop',
  ToolCalls: 'tool-calls',
  /** The answer was cut off at its longest. */
  Length: 'length',
  /** The vendor kept the answer back. */
  ContentFilter: 'content-filter',
  Other: 'other',
} as const;
export type FinishReason = (typeof FinishReason)[keyof typeof FinishReason];

/** What one call of a model used. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What comes from a model, in order. Text comes in pieces, a call whole. */
export type ModelPart =
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'call' } & ModelCall)
  | ({ readonly type: 'usage' } & ModelUsage)
  /** What the model wants to see again in the next turn and nobody else understands, such as its signed thoughts. */
  | { readonly type: 'opaque'; readonly data: unknown }
  | { readonly type: 'finish'; readonly reason: FinishReason };
