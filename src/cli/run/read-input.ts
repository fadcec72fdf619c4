import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { RunInput } from '../../run/index.js';
import { usageError } from '../cli-errors.js';
import type { CliIo } from '../cli-io.js';

/** Where the input of a run comes from. */
export interface InputOptions {
  readonly text?: string;
  readonly textFile?: string;
  /** A file of JSON, or `-`. */
  readonly input?: string;
  readonly set?: readonly string[];
  readonly metadata?: readonly string[];
  readonly runId?: string;
  readonly tokenFile?: string;
}

const STDIN = '-';

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

/** Undefined if there is none. */
export function readToken({ cwd, env }: CliIo, { tokenFile }: Pick<InputOptions, 'tokenFile'>): string | undefined {
  const token = tokenFile === undefined ? env.STAGEFLOW_TOKEN : readFile(resolve(cwd, tokenFile), tokenFile).trim();
  return token === '' ? undefined : token;
}

/** The text of a file, or of stdin for `-`. */
export async function readText(io: CliIo, given: string): Promise<string> {
  if (given !== STDIN) return readFile(resolve(io.cwd, given), given);
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of io.stdin) text += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
  return text + decoder.decode();
}

/** @param name says where the text is from */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // What the parser says quotes the text, which may hold what nobody should read in a log.
    const where = /position \d+/.exec(String(error))?.[0] ?? 'its end';
    const source = name === STDIN ? 'What stdin holds' : name;
    throw usageError(`${source} is no JSON: it cannot be read at ${where}.`, 'Give one JSON value.', { source: name });
  }
}

function readFile(file: string, given: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(`${given} cannot be read: ${code}.`, 'Give the path of a file, or - for stdin.', { file });
  }
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
