import type {
  LanguageModelV3CallOptions,
  LanguageModelV3FunctionTool,
  LanguageModelV3Message,
  LanguageModelV3TextPart,
  LanguageModelV3ToolCallPart,
} from '@ai-sdk/provider';
import type { ModelMessage, ModelRequest } from '../model/index.js';

/** What the assistant said, in the form of the AI SDK. */
export type AssistantContent = Extract<LanguageModelV3Message, { role: 'assistant' }>['content'];

type Asked = Pick<
  LanguageModelV3CallOptions,
  'prompt' | 'tools' | 'maxOutputTokens' | 'temperature' | 'responseFormat'
>;

/** A request in the form of the AI SDK. */
export function callOptions(request: ModelRequest, structuredOutput: boolean): Asked {
  const { messages, tools, output, maxOutputTokens, temperature } = request;
  return {
    prompt: messages.map(sdkMessage),
    ...(tools.length === 0 ? {} : { tools: tools.map(sdkTool) }),
    ...(maxOutputTokens === null ? {} : { maxOutputTokens }),
    ...(temperature === null ? {} : { temperature }),
    ...(output === null || !structuredOutput
      ? {}
      : { responseFormat: { type: 'json', name: output.name, schema: output.schema } }),
  };
}

function sdkTool({ name, description, inputSchema }: ModelRequest['tools'][number]): LanguageModelV3FunctionTool {
  return { type: 'function', name, description, inputSchema };
}

function sdkMessage(message: ModelMessage): LanguageModelV3Message {
  if (message.role === 'assistant') return { role: 'assistant', content: assistantContent(message) };
  if (message.role === 'tool') {
    const { callId: toolCallId, tool: toolName, text: value, failed } = message;
    const output = { type: failed ? 'error-text' : 'text', value } as const;
    return { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName, output }] };
  }
  if (message.role === 'system') return { role: 'system', content: message.text };
  return { role: 'user', content: [{ type: 'text', text: message.text }] };
}

function assistantContent(message: Extract<ModelMessage, { role: 'assistant' }>): AssistantContent {
  if (Array.isArray(message.opaque)) return withIds(message.opaque as AssistantContent, message);
  const text: LanguageModelV3TextPart[] = message.text === '' ? [] : [{ type: 'text', text: message.text }];
  const calls = message.calls.map(
    ({ id, name, arguments: given }): LanguageModelV3ToolCallPart => ({
      type: 'tool-call',
      toolCallId: id,
      toolName: name,
      input: inputOf(given),
    }),
  );
  return [...text, ...calls];
}

/** The ids that results will be given under, which are not the model's own where it gave one twice. */
function withIds(content: AssistantContent, { calls }: { readonly calls: readonly { readonly id: string }[] }) {
  let index = 0;
  return content.map((part) =>
    part.type === 'tool-call' ? { ...part, toolCallId: calls[index++]?.id ?? part.toolCallId } : part,
  );
}

/** Arguments that are no JSON were refused, and are shown to the model as what they are. */
export function inputOf(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch {
    return { unreadable: given };
  }
}
