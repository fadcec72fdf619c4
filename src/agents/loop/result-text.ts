import { StageflowError } from '../../errors/index.js';
import { messageOf, type ToolOutcome } from '../../stage/index.js';

/** What a model is told of a call. */
export interface ResultText {
  readonly text: string;
  /** The call has no result. */
  readonly failed: boolean;
}

/** The output as JSON, text as it is, or why there is none. Never throws, whatever a tool gave. */
export function resultText(outcome: ToolOutcome, maxChars: number): ResultText {
  if (outcome.status !== 'completed') return failureText(outcome.status, outcome.error, maxChars);
  try {
    const { output } = outcome;
    const edit = 'editedInput' in outcome ? `${EDITED}${jsonText(outcome.editedInput)}\n` : '';
    return { text: `${edit}${cut(typeof output === 'string' ? output : jsonText(output), maxChars)}`, failed: false };
  } catch (error) {
    const why = `The call took effect, but its result cannot be shown: ${messageOf(error)}`;
    return { text: JSON.stringify({ status: 'completed', error: why }), failed: true };
  }
}

/** Else the model would go on from what it asked for. */
const EDITED = 'Whoever approved this call has changed its arguments. It was made with: ';

function failureText(status: string, error: Error, maxChars: number): ResultText {
  const { code, summary, fix } = error instanceof StageflowError ? error : NOTHING_KNOWN;
  const told = { status, code, error: cut(summary ?? messageOf(error), maxChars), fix };
  return { text: JSON.stringify(told), failed: true };
}

const NOTHING_KNOWN = { code: undefined, summary: undefined, fix: undefined };

/** As JSON says it, but nothing is lost without a word: maps, sets and large integers are shown as well. */
export function jsonText(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return String(part);
      if (part instanceof Map) return Object.fromEntries(part);
      if (part instanceof Set) return [...part];
      return part;
    }) ?? 'null'
  );
}

function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars)}\n[cut off: ${text.length - maxChars} more characters]`;
}
