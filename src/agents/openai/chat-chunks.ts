/* Reads what a server of chat completions says. Nothing in it is taken for what it is not: servers differ. */
import { FinishReason, type ModelPart } from '../model/index.js';

type Fields = Readonly<Record<string, unknown>>;

interface OpenCall {
  id: string;
  name: string;
  arguments: string;
  /** What some servers want to see again with the call, such as a signature. */
  extra: unknown;
}

/** Collects the chunks of one answer. */
export class ChatChunks {
  /** By the index that chunks give, in the order they came. */
  readonly #calls = new Map<string, OpenCall>();
  #finish: FinishReason | null = null;
  #refused = false;

  /** What can be handed on at once. */
  *take(chunk: Fields): Generator<ModelPart> {
    const usage = fieldsOf(chunk.usage);
    if (usage !== null) yield usagePart(usage);
    const choice = fieldsOf(listOf(chunk.choices)[0]);
    if (choice === null) return;
    const delta = fieldsOf(choice.delta) ?? fieldsOf(choice.message) ?? {};
    if (typeof delta.content === 'string' && delta.content !== '') yield { type: 'text', text: delta.content };
    if (typeof delta.refusal === 'string' && delta.refusal !== '') {
      this.#refused = true;
      yield { type: 'text', text: delta.refusal };
    }
    for (const call of listOf(delta.tool_calls)) this.#takeCall(fieldsOf(call) ?? {});
    if (typeof choice.finish_reason === 'string') this.#finish = FINISHES[choice.finish_reason] ?? FinishReason.Other;
  }

  /** The calls, which are whole now, and the end; nothing if the answer has none. */
  *end(): Generator<ModelPart> {
    if (this.#finish === null) return;
    const calls = [...this.#calls.values()];
    for (const { extra: _, ...call } of calls) yield { type: 'call', ...call };
    const extras = calls.map(({ extra }) => extra ?? null);
    if (extras.some((extra) => extra !== null)) yield { type: 'opaque', data: extras };
    const reason = this.#refused ? FinishReason.ContentFilter : this.#finish;
    yield { type: 'finish', reason };
  }

  #takeCall(piece: Fields): void {
    const { index, id } = piece;
    const called = fieldsOf(piece.function) ?? {};
    // Without an index a piece belongs to the call of its id, or to the last one.
    const key = typeof index === 'number' ? `#${index}` : typeof id === 'string' && id !== '' ? id : this.#lastKey();
    let call = this.#calls.get(key);
    if (call === undefined) {
      call = { id: '', name: '', arguments: '', extra: undefined };
      this.#calls.set(key, call);
    }
    if (typeof id === 'string' && call.id === '') call.id = id;
    if (typeof called.name === 'string' && call.name === '') call.name = called.name;
    call.arguments += argumentsText(called.arguments);
    call.extra ??= piece.extra_content;
  }

  #lastKey(): string {
    return [...this.#calls.keys()].at(-1) ?? '#0';
  }
}

const FINISHES: Readonly<Record<string, FinishReason>> = {
  stop: FinishReason.Stop,
  tool_calls: FinishReason.ToolCalls,
  function_call: FinishReason.ToolCalls,
  length: FinishReason.Length,
  content_filter: FinishReason.ContentFilter,
};

function usagePart({ prompt_tokens: input, completion_tokens: output }: Fields): ModelPart {
  const count = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);
  return { type: 'usage', inputTokens: count(input), outputTokens: count(output) };
}

/** Some servers send them as an object, although the protocol wants text. */
function argumentsText(given: unknown): string {
  if (typeof given === 'string') return given;
  return given === undefined || given === null ? '' : JSON.stringify(given);
}

export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
