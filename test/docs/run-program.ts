import { format as formatPrinted } from 'node:util';
import { vi } from 'vitest';
import type { Problem } from './problem.js';
import { type Program, SEAM } from './programs.js';

/** Runs a program in this process with modules of its own, and compares how it ended and what it printed. */
export async function runProgram(program: Program, file: string): Promise<Problem[]> {
  const { printed, thrown } = await capture(file);
  const at = (line: number, message: string) => [{ page: program.page, line, message }];
  if (typeof program.ends === 'object') {
    const { failsWith } = program.ends;
    if (thrown === undefined) return at(program.line, `Should fail with "${failsWith}", but ends well.`);
    const text = describe(thrown.error);
    if (!text.includes(failsWith)) return at(program.line, `Should fail with "${failsWith}", but fails with: ${text}`);
  } else if (thrown !== undefined) {
    return at(placeOf(thrown.error, program, file), `Fails with: ${describe(thrown.error)}`);
  }
  if (program.output === undefined) return [];
  const own = printed.slice(printed.lastIndexOf(SEAM) + 1);
  const message = outputMistake(program.output.text, own.join('\n'));
  return message === undefined ? [] : at(program.output.line, message);
}

async function capture(file: string): Promise<{ printed: string[]; thrown?: { error: unknown } }> {
  const printed: string[] = [];
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation((...values: unknown[]) => {
      if (level === 'log') printed.push(formatPrinted(...values));
    }),
  );
  const exitCode = process.exitCode;
  vi.resetModules();
  try {
    await import(/* @vite-ignore */ file);
    return { printed };
  } catch (error) {
    return { printed, thrown: { error } };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = exitCode;
  }
}

/** Everything a reader could look for in an error: code, message, cure, and the same of its causes. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return formatPrinted(error);
  const { code, fix, cause } = error as Error & { code?: unknown; fix?: unknown };
  const own = [error.name, code, error.message, fix].filter((part) => typeof part === 'string').join(' ');
  const nested = error instanceof AggregateError ? error.errors : [];
  return [own, ...(cause === undefined ? [] : [cause]), ...nested]
    .map((part) => (typeof part === 'string' ? part : describe(part)))
    .join(' / ');
}

/** The line of the page where the error was created, if that is in the program. */
function placeOf(error: unknown, program: Program, file: string): number {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const after = stack.split(file)[1] ?? '';
  return program.lines[Number(/^:(\d+)/.exec(after)?.[1] ?? 0) - 1] || program.line;
}

/** `…` in the expected text stands for anything within its line. */
export function outputMistake(expected: string, actual: string): string | undefined {
  const wanted = lines(expected);
  const printed = lines(actual);
  for (let index = 0; index < Math.max(wanted.length, printed.length); index++) {
    const [want, got] = [wanted[index], printed[index]];
    if (want === undefined) return `Prints more than shown: ${JSON.stringify(got)}`;
    if (got === undefined) return `Does not print ${JSON.stringify(want)}`;
    if (!pattern(want).test(got)) return `Prints ${JSON.stringify(got)} where the page shows ${JSON.stringify(want)}`;
  }
  return undefined;
}

function lines(text: string): string[] {
  const trimmed = text.trimEnd();
  return trimmed === '' ? [] : trimmed.split('\n').map((line) => line.trimEnd());
}

function pattern(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
