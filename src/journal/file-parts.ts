import type { JournalLine, Lease, RunSummary } from './journal-store.js';

const fs = () => process.getBuiltinModule('node:fs');
const join = (...parts: string[]) => process.getBuiltinModule('node:path').join(...parts);

/** Whose part it is, and of which run. */
export type PartHeader = Lease & Pick<RunSummary, 'tenant' | 'runId' | 'pipeline' | 'userId' | 'startedAt'>;

export interface ReadPart {
  readonly header: PartHeader;
  readonly bodies: readonly string[];
  readonly end: NonNullable<JournalLine['ends']> | null;
  /** How many bytes of the part before count; null for all that are whole. */
  readonly before: number | null;
  /** How many of its own do: up to the end of its last whole line. */
  readonly bytes: number;
}

function pathOf(folder: string, part: number): string {
  return join(folder, `${part}.jsonl`);
}

/** Makes a part with its first line, and what may follow, at once. @returns false if it is there */
function appear(folder: string, part: number, header: PartHeader, text: string): boolean {
  const unfinished = join(folder, `${process.getBuiltinModule('node:crypto').randomUUID()}.new`);
  fs().writeFileSync(unfinished, `${JSON.stringify(header)}\n${text}`, { mode: 0o600 });
  try {
    fs().linkSync(unfinished, pathOf(folder, part));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    fs().rmSync(unfinished, { force: true });
  }
}

function sign(folder: string, lease: Lease): void {
  const unfinished = join(folder, `${process.getBuiltinModule('node:crypto').randomUUID()}.new`);
  fs().writeFileSync(unfinished, JSON.stringify(lease), { mode: 0o600 });
  fs().renameSync(unfinished, join(folder, 'lease'));
}

/** The last sign of life of whoever has the last part. */
function leaseOf(folder: string, { owner, until }: PartHeader): Lease {
  try {
    const lease = JSON.parse(fs().readFileSync(join(folder, 'lease'), 'utf8')) as Lease;
    return lease.owner === owner ? lease : { owner, until };
  } catch {
    return { owner, until }; // none was given, or it is being written
  }
}

function readAll(folder: string): ReadPart[] {
  const parts: ReadPart[] = [];
  const contents: Buffer[] = [];
  for (let part = 1; ; part++) {
    const content = contentOf(pathOf(folder, part));
    if (content === null) break;
    contents.push(content);
    const read = readPart(content);
    // What a writer added to the part before after this one had appeared does not count.
    if (read.before !== null) parts[part - 2] = readPart((contents[part - 2] as Buffer).subarray(0, read.before));
    parts.push(read);
  }
  return parts;
}

function contentOf(path: string): Buffer | null {
  try {
    return fs().readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole lines only: the last may have been cut off when its writer was killed. */
function readPart(content: Buffer): ReadPart {
  const bytes = content.lastIndexOf(0x0a) + 1;
  const [header = '', ...lines] = content.subarray(0, bytes).toString('utf8').split('\n');
  const bodies: string[] = [];
  let end: ReadPart['end'] = null;
  let before: number | null = null;
  for (const line of lines) {
    const [mark = '', second = '', third = ''] = line.split(' ', 3);
    if (mark === '=') end = { status: second as NonNullable<ReadPart['end']>['status'], at: Number(third) };
    else if (mark === '<') before = Number(second);
    else if (line !== '') bodies.push(line.slice(mark.length + 1));
  }
  return { header: JSON.parse(header) as PartHeader, bodies, end, before, bytes };
}

/** Says how much of the part before counts. */
function settle(folder: string, part: number, before: number): void {
  fs().appendFileSync(pathOf(folder, part), `< ${before}\n`);
}

export const LineParts = { pathOf, appear, sign, leaseOf, readAll, settle };
