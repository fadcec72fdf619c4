import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Problem } from './problem.js';
import type { Program } from './programs.js';
import { ROOT } from './repository.js';

/** Git ignores this folder, and `npm run types` does not look into it. */
export const GENERATED = join(ROOT, 'test/docs/.generated');

/**
 * Writes the programs below `folder`, with a tsconfig of their own: the compiler of the test runner emits decorator
 * metadata only for files that the nearest tsconfig includes. Files of earlier runs go; unchanged ones stay untouched.
 * Returns the file of each program.
 */
export function writePrograms(folder: string, programs: readonly Program[]): Map<Program, string> {
  const files = new Map(programs.map((program) => [program, fileOf(folder, program)]));
  const config = join(folder, 'tsconfig.json');
  const wanted = new Set([config, ...files.values()]);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !wanted.has(path)) rmSync(path, { force: true });
  }
  write(config, JSON.stringify({ extends: relative(folder, join(ROOT, 'tsconfig.json')), include: ['**/*.ts'] }));
  for (const [program, file] of files) write(file, program.source);
  return files;
}

function fileOf(folder: string, program: Program): string {
  return join(folder, program.page.replace(/\.md$/, ''), `${program.number}.ts`);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (textOf(file) !== text) writeFileSync(file, text);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Type-checks all programs at once. What is wrong outside of them is left to `npm run types`. */
export async function typeCheck(folder: string, files: ReadonlyMap<Program, string>): Promise<Problem[]> {
  if (files.size === 0) return [];
  const byFile = new Map([...files].map(([program, file]) => [relative(ROOT, file), program]));
  const { output, failed } = await tsc(folder);
  const diagnostics = output.split(/\n(?=\S)/).map((text) => /^(.+?)\((\d+),\d+\): (error [\s\S]*)$/.exec(text));
  if (failed && diagnostics.every((match) => match === null)) throw new Error(`tsc failed:\n${output}`);
  return diagnostics.flatMap((match) => {
    const program = byFile.get(match?.[1] ?? '');
    if (match === null || program === undefined) return [];
    const line = program.lines[Number(match[2]) - 1] || program.line;
    return [{ page: program.page, line, message: (match[3] ?? '').trim() }];
  });
}

function tsc(folder: string): Promise<{ output: string; failed: boolean }> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const flags = ['-p', folder, '--noEmit', '--pretty', 'false'];
  return new Promise((resolve) => {
    execFile(process.execPath, [compiler, ...flags], { cwd: ROOT, maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
      resolve({ output: stdout + stderr, failed: error !== null }),
    );
  });
}
