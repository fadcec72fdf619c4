import type { ModelMessage, ModelProvider, ModelRequest } from 'stageflow/agents';
import { scriptedModel } from 'stageflow/testing';

/** Answers whatever it is asked: with the best of the passages it was given, if it was given any. */
export function script(): ModelProvider {
  return scriptedModel([answerTo], { repeatLast: true, model: 'script' });
}

function answerTo({ messages }: ModelRequest): string {
  const asked = messages.at(-1)?.text ?? '';
  const question = between('question', asked);
  const name = /"name":"(\w+)"/.exec(between('profile', asked))?.[1] ?? 'there';
  if (/\bask first\b/i.test(question)) return firstQuestion(messages);
  const [, document, text] = /^\[(\S+)\] (.+)$/m.exec(between('documents', asked)) ?? [];
  if (document !== undefined) return `${text} [${document}]`;
  if (/^(thank|bye)/i.test(question)) return `It was a pleasure, ${name}.`;
  if (/^(hi|hello|hey|good)\b/i.test(question)) return `Hello ${name}! What would you like to know?`;
  return 'That I do not know.';
}

function between(name: string, text: string): string {
  return new RegExp(`<${name}>\\n([\\s\\S]*?)\\n</${name}>`).exec(text)?.[1] ?? '';
}

/** It remembers nothing by itself: what was said before is in what it is sent. */
function firstQuestion(messages: readonly ModelMessage[]): string {
  const [first, ...later] = messages.filter(({ role }) => role === 'user');
  return later.length === 0 ? 'This is the first question.' : `You asked: "${first?.text}"`;
}
