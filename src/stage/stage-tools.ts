import type { AuthContext, OrgContext } from '../auth/index.js';
import type { StageflowLogger } from '../events/index.js';

/** What a tool call does to the world. Decides what may be repeated and what needs approval. */
export const ToolEffect = {
  /** Changes nothing. */
  Read: 'read',
  /** Changes something, once, however often it is called with the same idempotency key. */
  Idempotent: 'idempotent',
  /** Changes something that its `undo` takes back. */
  Reversible: 'reversible',
  /** Changes something for good. */
  Irreversible: 'irreversible',
} as const;
export type ToolEffect = (typeof ToolEffect)[keyof typeof ToolEffect];

/** What a tool works with beside its input. */
export interface ToolContext {
  readonly runId: string;
  readonly callId: string;
  /** The same for every attempt of the stage at this call: hand it to what must act once. */
  readonly idempotencyKey: string;
  readonly auth: AuthContext;
  readonly org: OrgContext;
  /** Aborts when the run is cancelled, or the tool passes its limit. */
  readonly signal: AbortSignal;
  readonly logger: StageflowLogger;
  /** Reports how far the call is. @param fraction 0 to 1. */
  progress(fraction: number, note?: string): void;
  /** Sends an event of your own into the stream of the run. */
  emit(name: string, data?: unknown): void;
  /** Keeps what `undo` will need. Call it as soon as something has changed: it counts also if the call fails later. */
  recordUndo(data: unknown): void;
}

/** A tool as `ctx.tools.call` takes it: what `defineTool` gives. Carries the types of its input and output. */
export interface ToolValue<in out I = any, in out O = any> {
  readonly '~tool': { readonly input: I; readonly output: O };
}

/** A tool class. */
// Constructor parameters are filled by the container; their types are checked there, from metadata.
export type ToolClass<I = any, O = any> = new (
  ...args: any[]
) => { execute(input: I, ctx: ToolContext): O | Promise<O> };

/** What models and interceptors see of a tool. Frozen, serialisable. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly effect: ToolEffect;
  /** The execution modes it may be used in; empty for all. */
  readonly behaviors: readonly string[];
  readonly approval: 'required' | 'never' | 'by-effect';
  /** Limit of one call in ms; null for none. */
  readonly timeoutMs: number | null;
}

/** A tool as it is offered to a model. */
export interface OfferedTool extends ToolSpec {
  /** The input as JSON Schema, draft 2020-12. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** A call by name, as a model asks for it. */
export interface ToolRequest {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
}

/** How a call by name ended. Only `completed` has an output, all others an error. */
export type ToolOutcome =
  | {
      readonly status: 'completed';
      readonly id: string;
      readonly output: unknown;
      readonly error: null;
      /** What the handler was called with, only where an approver changed it: whoever asked should hear of it. */
      readonly editedInput?: unknown;
    }
  | {
      readonly status: 'failed' | 'denied' | 'cancelled' | 'unresolved';
      readonly id: string;
      readonly output: null;
      readonly error: Error;
    };

/** The tools a stage may use: those of its pipeline. */
export interface StageTools {
  /** Calls a tool. @throws ToolDeniedError, ToolFailedError or ToolCancelledError */
  call<I, O>(tool: ToolClass<I, O> | ToolValue<I, O>, input: I, options?: { readonly callId?: string }): Promise<O>;
  /** Calls a tool by name. Never rejects for what the tool did. */
  invoke(request: ToolRequest): Promise<ToolOutcome>;
  list(): readonly OfferedTool[];
}
