/* Chat completions, as far as a model needs them: what comes in as a request for a model, what a model says as chunks. */
import type { ModelMessage, ModelPart, ModelRequest, ModelUsage } from 'stageflow/agents';

export interface ChatToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | null;
  readonly tool_calls?: readonly ChatToolCall[];
  readonly tool_call_id?: string;
}

export interface ChatBody {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly { readonly function: ChatFunction }[];
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly max_tokens?: number;
  readonly temperature?: number;
  readonly response_format?: { readonly json_schema?: { readonly name: string; readonly schema: object } };
}

interface ChatFunction {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export function modelRequest(body: ChatBody): ModelRequest {
  const { json_schema: output } = body.response_format ?? {};
  return {
    messages: body.messages.map((message) => modelMessage(message, body.messages)),
    tools: (body.tools ?? []).map(({ function: { name, description, parameters } }) => ({
      name,
      description,
      inputSchema: parameters,
    })),
    output: output === undefined ? null : { name: output.name, schema: { ...output.schema } },
    maxOutputTokens: body.max_tokens ?? null,
    temperature: body.temperature ?? null,
  };
}

function modelMessage(message: ChatMessage, all: readonly ChatMessage[]): ModelMessage {
  const text = message.content ?? '';
  if (message.role === 'system' || message.role === 'user') return { role: message.role, text };
  if (message.role === 'assistant') {
    const calls = (message.tool_calls ?? []).map(({ id, function: called }) => ({ id, ...called }));
    return { role: 'assistant', text, calls };
  }
  const callId = message.tool_call_id ?? '';
  const call = all.flatMap(({ tool_calls: calls = [] }) => calls).find(({ id }) => id === callId);
  return { role: 'tool', callId, tool: call?.function.name ?? '', text, failed: false };
}

/** The chunks of one part. Arguments come in pieces, as from a real server. @param calls how many came before */
export function partChunks(model: string, part: ModelPart, calls: number): readonly object[] {
  if (part.type === 'text') return [chunk(model, { content: part.text })];
  if (part.type === 'finish') return [chunk(model, {}, part.reason.replace('-', '_'))];
  if (part.type !== 'call') return [];
  const { id, name, arguments: given } = part;
  const opening = { index: calls, id, type: 'function', function: { name, arguments: '' } };
  const pieces = given.match(/[\s\S]{1,12}/g) ?? [];
  return [opening, ...pieces.map((piece) => ({ index: calls, function: { arguments: piece } }))].map((call) =>
    chunk(model, { tool_calls: [call] }),
  );
}

/** Only for who asked for it. */
export function usageChunk({ model, stream_options: wants }: ChatBody, usage: ModelUsage): readonly object[] {
  if (wants?.include_usage !== true) return [];
  return [{ object: 'chat.completion.chunk', model, choices: [], usage: chatUsage(usage) }];
}

/** The whole answer at once. */
export function completion(model: string, parts: readonly ModelPart[]): object {
  const content = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const calls = parts.flatMap((part): ChatToolCall[] => {
    if (part.type !== 'call') return [];
    return [{ id: part.id, type: 'function', function: { name: part.name, arguments: part.arguments } }];
  });
  const usage = parts.find((part) => part.type === 'usage');
  const finish = parts.find((part) => part.type === 'finish')?.reason.replace('-', '_') ?? null;
  const message = { role: 'assistant', content, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
  return {
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message, finish_reason: finish }],
    ...(usage === undefined ? {} : { usage: chatUsage(usage) }),
  };
}

function chunk(model: string, delta: object, finish: string | null = null): object {
  return { object: 'chat.completion.chunk', model, choices: [{ index: 0, delta, finish_reason: finish }] };
}

function chatUsage({ inputTokens, outputTokens }: ModelUsage): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
}
