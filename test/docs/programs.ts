import type { Block } from './block.js';
import type { Problem } from './problem.js';

/** One `ts` fence with everything it continues: a complete module. */
export interface Program {
  readonly page: string;
  readonly line: number;
  /** Unique on its page, from 1. */
  readonly number: number;
  readonly source: string;
  /** For each line of `source`, the line of the page it stands on; 0 for lines that no page shows. */
  readonly lines: readonly number[];
  readonly ends: 'well' | 'unrun' | { readonly failsWith: string };
  /** What the fence's own part must print, if the page says so. */
  readonly output?: { readonly text: string; readonly line: number };
}

/** Printed between a program and its continuation, so that each fence answers for its own output only. */
export const SEAM = '\u0000';
const SEAM_LINE = "console.log('\\u0000');";

type Draft = { -readonly [K in keyof Program]: Program[K] };

/** Chains the `ts` fences of one page into programs and gives each its expected output. */
export function buildPrograms(blocks: readonly Block[]): { programs: Program[]; problems: Problem[] } {
  const programs: Draft[] = [];
  const problems: Problem[] = [];
  let latest: Draft | undefined;
  let previous: Block | undefined;
  for (const block of blocks) {
    const report = (message: string) => problems.push({ page: block.page, line: block.line, message });
    if (block.language === 'ts') {
      latest = block.attributes.has('file') ? undefined : draft(block, latest, programs.length + 1, report);
      if (latest !== undefined) programs.push(latest);
    } else if (block.attributes.has('output') && !block.attributes.has('file')) {
      if (previous?.language !== 'ts') report('No program stands directly before this output.');
      else if (latest === undefined) report('The fence before is not run here: give this output a file= to equal.');
      else if (latest.ends === 'unrun') report('The fence before is only compiled, so it prints nothing.');
      else latest.output = { text: block.text, line: block.line };
    }
    previous = block;
  }
  return { programs, problems };
}

function draft(
  block: Block,
  before: Draft | undefined,
  number: number,
  report: (message: string) => void,
): Draft | undefined {
  const failsWith = block.attributes.get('fails');
  const own = block.text.split('\n');
  const ownLines = own.map((_, index) => block.line + 1 + index);
  const base = { page: block.page, line: block.line, number };
  const ends = failsWith !== undefined ? { failsWith } : block.attributes.has('no-run') ? 'unrun' : 'well';
  if (!block.attributes.has('continue')) {
    return { ...base, ends, source: finish(own), lines: [...ownLines, 0] };
  }
  if (before === undefined) report('There is no program on this page to continue.');
  else if (typeof before.ends === 'object') report(`A program that fails (line ${before.line}) cannot be continued.`);
  else if (before.ends === 'unrun' && failsWith !== undefined) report('What it continues is only compiled, never run.');
  else {
    const head = before.source.split('\n').slice(0, -1);
    return {
      ...base,
      ends: before.ends === 'unrun' ? 'unrun' : ends,
      source: finish([...head, SEAM_LINE, ...own]),
      lines: [...before.lines.slice(0, -1), 0, ...ownLines, 0],
    };
  }
  return undefined;
}

/** Without an import or export TypeScript would take it for a script, and refuse a top-level await. */
function finish(lines: readonly string[]): string {
  return [...lines, 'export {};'].join('\n');
}
