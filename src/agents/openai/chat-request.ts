import type { ModelMessage, ModelRequest } from '../model/index.js';

/** What differs between servers that speak the protocol. */
export interface ChatDialect {
  readonly model: string;
  /** Send the JSON Schema of the final answer along, which the server then holds the model to. */
  readonly structuredOutput: boolean;
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** Further fields of every request. */
  readonly extraBody: Readonly<Record<string, unknown>>;
}

/** A request in the form of chat completions. */
export function chatRequest(request: ModelRequest, dialect: ChatDialect): Readonly<Record<string, unknown>> {
  const { messages, tools, output, maxOutputTokens, temperature } = request;
  return {
    ...dialect.extraBody,
    model: dialect.model,
    messages: messages.map(chatMessage),
    ...(tools.length === 0 ? {} : { tools: tools.map(chatTool) }),
    ...(maxOutputTokens === null ? {} : { [dialect.maxTokensField]: maxOutputTokens }),
    ...(temperature === null ? {} : { temperature }),
    ...(output === null || !dialect.structuredOutput ? {} : { response_format: responseFormat(output) }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function chatMessage(message: ModelMessage): Readonly<Record<string, unknown>> {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.text };
  if (message.role !== 'assistant') return { role: message.role, content: message.text };
  if (message.calls.length === 0) return { role: 'assistant', content: message.text };
  const extras: readonly unknown[] = Array.isArray(message.opaque) ? message.opaque : [];
  const calls = message.calls.map(({ id, name, arguments: given }, index) => ({
    id,
    type: 'function',
    function: { name, arguments: given },
    ...(extras[index] == null ? {} : { extra_content: extras[index] }),
  }));
  return { role: 'assistant', content: message.text === '' ? null : message.text, tool_calls: calls };
}

function chatTool({ name, description, inputSchema }: ModelRequest['tools'][number]) {
  return { type: 'function', function: { name, description, parameters: inputSchema } };
}

/** Servers take 64 letters, digits, _ and - for a name. */
function responseFormat({ name, schema }: NonNullable<ModelRequest['output']>) {
  const fit = name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64);
  return { type: 'json_schema', json_schema: { name: fit || 'answer', schema } };
}
