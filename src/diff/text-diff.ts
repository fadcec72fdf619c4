import {
  type ChangeObject,
  diffLines,
  FILE_HEADERS_ONLY,
  formatPatch,
  type StructuredPatch,
  structuredPatch,
} from 'diff';

export interface TextDiffOptions {
  /** What the header calls the text. Default `text`. */
  readonly name?: string;
  /** How many unchanged lines stand around each change. Default 3. */
  readonly context?: number;
  /** Texts that differ in more lines than this are shown as wholly replaced, so that no pair takes long. Default 2,000. */
  readonly maxEdits?: number;
}

export interface TextDiff {
  /** In the unified format; empty if nothing differs. */
  readonly patch: string;
  /** Lines, counted over the whole text and not over what is shown. */
  readonly added: number;
  readonly removed: number;
  readonly unchanged: number;
  readonly identical: boolean;
}

/**
 * Compares two texts line by line: for summaries that a person reads, and for patches that other programs apply. Ends of
 * lines and a missing last one count: `a\r\n` and `a\n` differ.
 */
export function diffText(before: string, after: string, options: TextDiffOptions = {}): TextDiff {
  const { name = 'text', context = 3, maxEdits = 2_000 } = options;
  const changes = diffLines(before, after, { maxEditLength: maxEdits });
  if (changes === undefined) return replaced(before, after, name);
  const count = (counts: (change: ChangeObject<string>) => boolean) =>
    changes.filter(counts).reduce((sum, change) => sum + change.count, 0);
  const [added, removed] = [count((change) => change.added), count((change) => change.removed)];
  const identical = added + removed === 0;
  const patch = identical ? null : structuredPatch(name, name, before, after, undefined, undefined, { context });
  const unchanged = count((change) => !change.added && !change.removed);
  return { patch: patch === null ? '' : printed(patch), added, removed, unchanged, identical };
}

/** One hunk that takes everything away and puts everything there. */
function replaced(before: string, after: string, name: string): TextDiff {
  const [gone, come] = [linesOf(before), linesOf(after)];
  const at = (lines: readonly string[]) => `${Math.min(1, lines.length)},${lines.length}`;
  const marked = (sign: string, lines: readonly string[]) =>
    lines.map((line) => `${sign}${line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`}`).join('');
  const head = printed(structuredPatch(name, name, '', ''));
  const patch = `${head}@@ -${at(gone)} +${at(come)} @@\n${marked('-', gone)}${marked('+', come)}`;
  return { patch, added: come.length, removed: gone.length, unchanged: 0, identical: false };
}

function printed(patch: StructuredPatch): string {
  return formatPatch(patch, FILE_HEADERS_ONLY);
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}
