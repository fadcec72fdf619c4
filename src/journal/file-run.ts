/*
 * The journal of one run as files: one part for each process that has written it, in the order they did.
 *
 *   1.jsonl, 2.jsonl, …   the first line says whose part it is (JSON), then `<sequence> <body>` for each line,
 *                         `< <bytes>` for how much of the part before counts, `= <status> <time>` when the run has ended
 *   lease                 the last sign of life of the last owner
 *
 * Invariants
 *  1. A part appears whole with its first line, and only one process can make it: to have made it is to own the run.
 *  2. A writer looks for the next part after each writing. If it is there the writing may not count, and is reported as failed.
 *  3. What counts of a part is settled after the next one has appeared, so whatever was reported as kept counts.
 */
import { LineParts, type PartHeader } from './file-parts.js';
import { type JournalLine, type Lease, RunLostError, type RunSummary } from './journal-store.js';

const fs = () => process.getBuiltinModule('node:fs');

/** A run that this process writes. */
export class FileRun {
  readonly folder: string;
  readonly #part: number;
  readonly #fd: number;
  #next: number;

  private constructor(folder: string, part: number, next: number) {
    this.folder = folder;
    this.#part = part;
    this.#fd = fs().openSync(LineParts.pathOf(folder, part), 'a');
    this.#next = next;
  }

  /** With its first lines, so that there is no run without any. @returns null if it is there already */
  static begin(folder: string, header: PartHeader, lines: readonly JournalLine[]): FileRun | null {
    fs().mkdirSync(folder, { recursive: true, mode: 0o700 });
    return LineParts.appear(folder, 1, header, textOf(lines, 0)) ? new FileRun(folder, 1, lines.length) : null;
  }

  /**
   * Takes a run over that `found` says is free. @returns null if somebody else was faster
   */
  static takeOver(folder: string, found: FoundRun, lease: Lease): FileRun | null {
    const { endedAt: _, status: __, ...about } = found.summary;
    const part = found.parts + 1;
    if (!LineParts.appear(folder, part, { ...about, ...lease }, '')) return null;
    // Only now is it certain that nothing more is added to what is there.
    const before = LineParts.readAll(folder).slice(0, part - 1);
    LineParts.settle(folder, part, before.at(-1)?.bytes ?? 0);
    return new FileRun(folder, part, before.flatMap(({ bodies }) => bodies).length);
  }

  /** @param syncs wait for the disk */
  append(lines: readonly JournalLine[], syncs: boolean): void {
    fs().writeSync(this.#fd, textOf(lines, this.#next));
    this.#next += lines.length;
    if (syncs) fs().fdatasyncSync(this.#fd);
    const [first] = lines;
    if (first !== undefined && !this.isOurs()) throw new RunLostError(first.key, first.sequence);
  }

  /** Nobody has taken it over, or erased it. */
  isOurs(): boolean {
    const { existsSync } = fs();
    const { folder } = this;
    return !existsSync(LineParts.pathOf(folder, this.#part + 1)) && existsSync(LineParts.pathOf(folder, this.#part));
  }

  sign(lease: Lease): void {
    LineParts.sign(this.folder, lease);
  }

  close(): void {
    fs().closeSync(this.#fd);
  }
}

/** @param next the sequence that is due */
function textOf(lines: readonly JournalLine[], next: number): string {
  let text = '';
  let due = next;
  for (const { key, sequence, body, ends } of lines) {
    if (sequence !== due++) throw new RunLostError(key, sequence);
    text += `${sequence} ${body}\n`;
    if (ends !== undefined) text += `= ${ends.status} ${ends.at}\n`;
  }
  return text;
}

/** What the files of a run say of it. */
export interface FoundRun {
  readonly summary: RunSummary;
  readonly bodies: readonly string[];
  readonly lease: Lease;
  /** How many parts there are. */
  readonly parts: number;
}

/** @returns null if there is no such run */
export function findRun(folder: string): FoundRun | null {
  const parts = LineParts.readAll(folder);
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return null;
  const { owner, until, ...about } = first.header;
  const end = parts.findLast((part) => part.end !== null)?.end ?? null;
  const summary: RunSummary = { ...about, status: end?.status ?? 'open', endedAt: end?.at ?? null };
  const lease = LineParts.leaseOf(folder, last.header);
  return {
    summary,
    bodies: parts.flatMap(({ bodies }) => bodies),
    lease,
    parts: parts.length,
  };
}
