import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { usageError } from '../cli-errors.js';
import type { CliIo } from '../cli-io.js';

/** What stands for stdin in the place of a file. */
export const STDIN = '-';

/** The text of a file, or of stdin for `-`. @throws CLI_USAGE */
export async function readText(io: Pick<CliIo, 'cwd' | 'stdin'>, given: string): Promise<string> {
  if (given !== STDIN) return readFile(io.cwd, given);
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of io.stdin) text += typeof part === 'string' ? part : decoder.decode(part, { stream: true });
  return text + decoder.decode();
}

/** @throws CLI_USAGE */
export function readFile(cwd: string, given: string): string {
  const file = resolve(cwd, given);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw usageError(`${given} cannot be read: ${code}.`, 'Give the path of a file.', { file });
  }
}

/** @param name says where the text is from @throws CLI_USAGE, without a word of the text */
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
