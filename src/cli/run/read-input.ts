import type { RunInput } from '../../run/index.js';
import { usageError } from '../cli-errors.js';
import type { CliIo } from '../cli-io.js';
import { parseJson, readText, STDIN } from '../loading/read-text.js';
import { readToken, type TokenOptions } from '../loading/read-token.js';

/** Where the input of a run comes from. */
export interface InputOptions extends TokenOptions {
  readonly text?: string;
  readonly textFile?: string;
  /** A file of JSON, or `-`. */
  readonly input?: string;
  readonly set?: readonly string[];
  readonly metadata?: readonly string[];
  readonly runId?: string;
}

/**
 * What a run starts with, as the flags say. A token comes from a file or from STAGEFLOW_TOKEN, and from no flag: everybody on
 * the machine can read those.
 * @throws CLI_USAGE
 */
export async function readRunInput(io: CliIo, options: InputOptions): Promise<RunInput> {
  const { text, textFile, input, set = [], metadata = [], runId } = options;
  if (text !== undefined && textFile !== undefined) {
    throw usageError('--text and --text-file were both given.', 'Give one of them.');
  }
  if (textFile === STDIN && input === STDIN) {
    throw usageError('--text-file and --input both read stdin.', 'Read one of them from a file.');
  }
  const token = readToken(io, options);
  const inputText = textFile === undefined ? text : await readText(io, textFile);
  const given = input === undefined ? undefined : parseJson(await readText(io, input), input);
  const fields = set.length === 0 ? given : withFields(given ?? {}, set, '--set');
  return {
    ...(inputText === undefined ? {} : { inputText }),
    ...(fields === undefined ? {} : { input: fields }),
    ...(metadata.length === 0 ? {} : { metadata: withFields({}, metadata, '--metadata') }),
    ...(runId === undefined ? {} : { identity: { runId } }),
    ...(token === undefined ? {} : { token }),
  };
}

/** `a.b=1` puts 1 into b of a. What is JSON counts as that, everything else as text. */
function withFields(base: unknown, fields: readonly string[], flag: string): Record<string, unknown> {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) {
    throw usageError(`${flag} adds fields, and the input is no object.`, 'Give an object with --input.');
  }
  const result = structuredClone(base) as Record<string, unknown>;
  for (const field of fields) {
    const cut = field.indexOf('=');
    if (cut < 1) throw usageError(`${flag} ${field} has no name and value.`, `Write ${flag} name=value.`);
    put(result, field.slice(0, cut).split('.'), readValue(field.slice(cut + 1)));
  }
  return result;
}

function put(target: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    define(target, name, value);
    return;
  }
  const inner = Object.hasOwn(target, name) ? target[name] : undefined;
  const next = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  define(target, name, next);
  put(next, rest, value);
}

/** Also for `__proto__`, which is a name like any other. */
function define(target: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
