import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** What the example begins with. */
export const SAMPLE_NOTES: Readonly<Record<string, string>> = {
  'meeting.md': '# Meeting on Monday\n\nWe agred to ship the tea on Tuesday.\nBo talks to the harbour.\n',
  'old-plan.md': '# Plan\n\nOut of date: see meeting.md.\n',
  'shopping.md': '# Shopping\n\n- milk\n- apples\n- bread\n',
};

/** A folder of its own for one run of the example, with notes to work on. It is gone when it is disposed. */
export class ScratchFolder implements AsyncDisposable {
  readonly notes: string;
  /** For approvals and undo: not among the notes. */
  readonly database: string;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.notes = path.join(root, 'notes');
    this.database = path.join(root, 'records.sqlite');
  }

  static async create(notes: Readonly<Record<string, string>> = SAMPLE_NOTES): Promise<ScratchFolder> {
    const scratch = new ScratchFolder(await mkdtemp(path.join(tmpdir(), 'stageflow-notes-')));
    await mkdir(scratch.notes);
    for (const [name, text] of Object.entries(notes)) await writeFile(path.join(scratch.notes, name), text);
    return scratch;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#root, { recursive: true, force: true });
  }
}
