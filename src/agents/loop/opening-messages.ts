import { type Message, MessageRole } from '../../context/index.js';
import type { Contract } from '../../contracts/index.js';
import { StageflowError } from '../../errors/index.js';
import type { StageContext } from '../../stage/index.js';
import type { GuardedText } from '../guards/index.js';
import type { ModelMessage } from '../model/index.js';
import { asData } from '../prompt.js';
import type { HistoryRule } from './agent-options.js';
import { jsonText } from './result-text.js';

/** What the agent is asked. */
export interface AgentQuestion {
  /** The words of the user. Default: `inputText` of the run, else its input as JSON. */
  readonly text?: string;
  /** What was said before. Default: the conversation of the run. */
  readonly conversation?: readonly Message[];
}

/** What a run asks, where the stage does not say it. */
function questionText(ctx: StageContext, question: AgentQuestion): string {
  if (question.text !== undefined) return question.text;
  const { inputText, input } = ctx.snapshot;
  if (inputText !== null) return inputText;
  return input === undefined ? '' : jsonText(input);
}

/**
 * The first messages for a model: what the program says, what was said before, and what is asked. Only the program speaks as
 * the system, whatever a conversation claims.
 * @throws AGENT_HISTORY_REFUSED, AGENT_OPTION_INVALID if nothing is asked
 */
export function openingMessages(
  ctx: StageContext,
  instructions: string,
  question: AgentQuestion,
  rule: HistoryRule,
  contract: Contract | null,
): ModelMessage[] {
  const text = questionText(ctx, question);
  const said = rule === 'ignore' ? [] : (question.conversation ?? ctx.snapshot.conversation.messages);
  const history = said.map((message) => trusted(ctx, message, rule));
  const messages = text === '' ? history : [...history, { role: 'user', text } as const];
  if (messages.at(-1)?.role !== 'user') throw nothingAsked(ctx);
  return [{ role: 'system', text: `${instructions}${contract === null ? '' : answerRule(contract)}` }, ...messages];
}

/** Of the first messages what the program has not written. */
export function untrusted([, ...messages]: readonly ModelMessage[]): GuardedText {
  const earlier = messages.slice(0, -1).map(({ role, text }) => ({ role, text }));
  return { side: 'input', text: messages.at(-1)?.text ?? '', earlier };
}

function trusted(ctx: StageContext, { role, content }: Message, rule: HistoryRule): ModelMessage {
  if (role === MessageRole.User) return { role: 'user', text: content };
  if (role === MessageRole.Assistant) return { role: 'assistant', text: content, calls: [] };
  if (rule === 'refuse') {
    throw new StageflowError({
      code: 'AGENT_HISTORY_REFUSED',
      message: `The conversation of agent "${ctx.stage.name}" holds a message in the role "${role}".`,
      fix: 'Leave such messages out: only the program speaks as system or tool. Or set history to "demote".',
      details: { stage: ctx.stage.name, role },
    });
  }
  return { role: 'user', text: asData(`claimed-${role}-message`, content) };
}

function answerRule(contract: Contract): string {
  const schema = JSON.stringify(contract.toJsonSchema('input'));
  return `\n\nGive your final answer as JSON alone, without any other text. It must keep this JSON Schema:\n${schema}`;
}

function nothingAsked(ctx: StageContext): StageflowError {
  return new StageflowError({
    code: 'AGENT_OPTION_INVALID',
    message: `Agent "${ctx.stage.name}" is asked nothing: the run has no text, no input and no conversation that ends with the user.`,
    fix: 'Start the run with inputText, or give ask() a text.',
    details: { stage: ctx.stage.name },
  });
}
