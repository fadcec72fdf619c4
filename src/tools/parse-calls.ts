import { closestName } from './closest-tool.js';

/** A call whose name is known and whose arguments are an object. They are not yet checked against the tool's contract. */
export interface ResolvedCall {
  readonly resolved: true;
  readonly id: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** A call that must not be executed. */
export interface UnresolvedCall {
  readonly resolved: false;
  /** Empty if the call has none. */
  readonly id: string;
  readonly name: string;
  /** Why, for the model to read. */
  readonly reason: string;
  /** As it came. */
  readonly raw: unknown;
}

export type ParsedCall = ResolvedCall | UnresolvedCall;

type Fields = Readonly<Record<string, unknown>>;

/**
 * The tool calls of a model's message, in the form of OpenAI (chat and responses), Anthropic or the AI SDK. Arguments that
 * cannot be read never become `{}`: such a call is unresolved, and so is one of an unknown tool.
 * @param message a message, a response, or the list of its parts
 */
export function parseAndResolve(message: unknown, names: readonly string[]): readonly ParsedCall[] {
  return callsIn(message).map((raw) => resolveCall(raw, names));
}

function callsIn(message: unknown): readonly unknown[] {
  if (Array.isArray(message)) return message.filter((part) => !isOtherPart(part));
  if (!isFields(message)) return [];
  if (isFields(message.message)) return callsIn(message.message);
  if (Array.isArray(message.choices)) return message.choices.flatMap(callsIn);
  const { tool_calls: chat, toolCalls: sdk, output, content } = message;
  for (const calls of [chat, sdk]) if (Array.isArray(calls) && calls.length > 0) return calls;
  for (const parts of [output, content]) if (Array.isArray(parts)) return parts.filter((part) => !isOtherPart(part));
  return isCallPart(message) ? [message] : [];
}

const CALL_TYPES: readonly unknown[] = ['function', 'function_call', 'tool_use', 'tool-call'];

function isCallPart(part: unknown): boolean {
  return isFields(part) && (CALL_TYPES.includes(part.type) || isFields(part.function));
}

/** Text, reasoning, images: parts that say what they are, and are no calls. */
function isOtherPart(part: unknown): boolean {
  return typeof part === 'string' || (isFields(part) && typeof part.type === 'string' && !isCallPart(part));
}

function resolveCall(raw: unknown, names: readonly string[]): ParsedCall {
  if (!isFields(raw)) return { resolved: false, id: '', name: '', reason: 'The call is not an object.', raw };
  const call = isFields(raw.function) ? raw.function : raw;
  const id = text(raw.call_id) || text(raw.toolCallId) || text(raw.id);
  const name = text(call.name) || text(call.toolName);
  const refuse = (reason: string): UnresolvedCall => ({ resolved: false, id, name, reason, raw });
  if (id === '') return refuse('The call has no id.');
  if (name === '') return refuse('The call names no tool.');
  if (!names.includes(name)) return refuse(unknownTool(name, names));
  const parsed = readArguments('arguments' in call ? call.arguments : (call.input ?? call.args));
  return typeof parsed === 'string' ? refuse(parsed) : { resolved: true, id, name, arguments: parsed };
}

export function unknownTool(name: string, names: readonly string[]): string {
  const closest = closestName(name, names);
  const known = names.length === 0 ? 'There are no tools.' : `The tools are ${names.slice(0, 20).join(', ')}.`;
  return `There is no tool "${name}".${closest === undefined ? ` ${known}` : ` Did you mean "${closest}"?`}`;
}

/** @returns the arguments, or why they cannot be read */
export function readArguments(given: unknown): Fields | string {
  let value = given;
  if (typeof given === 'string') {
    if (given.trim() === '') return 'The arguments are empty; give a JSON object.';
    try {
      value = JSON.parse(given);
    } catch {
      return 'The arguments are not valid JSON; they may have been cut off.';
    }
  }
  if (isFields(value)) return value;
  const what = value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
  return `The arguments are ${what}; give a JSON object.`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
