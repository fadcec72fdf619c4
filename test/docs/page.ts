import type { Problem } from './problem.js';

/** A fenced code block as written, before its info string is understood. */
export interface Fence {
  readonly info: string;
  readonly text: string;
  /** The line of the opening fence, 1-based; the first line of `text` is the next one. */
  readonly line: number;
}

/** A Markdown page split into code and prose. */
export interface Page {
  readonly path: string;
  readonly fences: readonly Fence[];
  /** The page with every fence blanked out, so that line numbers stay true. */
  readonly prose: string;
  readonly problems: readonly Problem[];
}

const OPENING = /^(\s*)(`{3,}|~{3,})(.*)$/;
const HIDDEN_OPENING = /^\s*(?:(?:>|[-*+]\s|\d+[.)]\s)\s*)+(?:`{3,}|~{3,})[^`]*$/;
const LIST_ITEM = /^(?:[-*+]|\d+[.)])\s/;

/** Splits `source`. Code that no check would see (indented, or in a block quote) is a problem. */
export function parsePage(path: string, source: string): Page {
  const lines = source.split(/\r?\n/);
  const prose = [...lines];
  const fences: Fence[] = [];
  const problems: Problem[] = [];
  const report = (line: number, message: string) => problems.push({ page: path, line, message });

  for (let index = 0; index < lines.length; index++) {
    const opening = OPENING.exec(lines[index] ?? '');
    if (opening === null || (opening[2]?.startsWith('`') && opening[3]?.includes('`'))) {
      if (HIDDEN_OPENING.test(lines[index] ?? ''))
        report(index + 1, 'Start the fence on its own line, outside quotes.');
      continue;
    }
    const end = closingLine(lines, index, opening[2] ?? '');
    if (end === undefined) report(index + 1, 'The fence is never closed.');
    const text = lines.slice(index + 1, end).map((line) => unindent(line, opening[1]?.length ?? 0));
    fences.push({ info: (opening[3] ?? '').trim(), text: text.join('\n'), line: index + 1 });
    const last = end ?? lines.length - 1;
    prose.fill('', index, last + 1);
    index = last;
  }
  for (const line of indentedCode(prose)) report(line, 'Indented code is not checked: use a fence with a language.');
  return { path, fences, prose: prose.join('\n'), problems };
}

function closingLine(lines: readonly string[], start: number, marker: string): number | undefined {
  const closing = new RegExp(`^\\s*\\${marker.charAt(0)}{${marker.length},}\\s*$`);
  const index = lines.findIndex((line, at) => at > start && closing.test(line));
  return index === -1 ? undefined : index;
}

function unindent(line: string, width: number): string {
  return line.slice(Math.min(width, line.length - line.trimStart().length));
}

function indentedCode(prose: readonly string[]): number[] {
  const found: number[] = [];
  let inList = false;
  prose.forEach((line, index) => {
    if (/^\S/.test(line)) inList = LIST_ITEM.test(line);
    const startsBlock = (prose[index - 1] ?? '').trim() === '';
    if (!inList && startsBlock && /^(?: {4}|\t)\s*\S/.test(line)) found.push(index + 1);
  });
  return found;
}
