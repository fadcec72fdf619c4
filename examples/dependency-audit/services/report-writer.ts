import { mkdir, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Injectable } from 'stageflow';
import { AuditInputError } from './audit-input-error.js';
import type { AuditReport } from './report.js';
import { reportMarkdown } from './report-markdown.js';

export interface ReportFiles {
  readonly json: string;
  readonly markdown: string;
}

/** Makes report folders. */
@Injectable()
export class ReportWriter {
  /** @param out the folder, made if need be; null for a new one among the temporary files of the system. */
  async begin(out: string | null): Promise<ReportDraft> {
    if (out === null) return new ReportDraft(await this.#temporaryFolder(), true);
    const folder = path.resolve(out);
    const made = await orRefuse(folder, () => mkdir(folder, { recursive: true }));
    return new ReportDraft(folder, made !== undefined);
  }

  #temporaryFolder(): Promise<string> {
    return orRefuse(tmpdir(), () => mkdtemp(path.join(tmpdir(), 'dependency-audit-')));
  }
}

/**
 * A report that nobody sees before it is complete: its files have other names until `publish`. A run that ends before
 * that leaves nothing behind, and an earlier report in the same folder as it was.
 */
export class ReportDraft {
  readonly #folder: string;
  readonly #ownsFolder: boolean;
  readonly #files: ReportFiles;
  #published = false;

  constructor(folder: string, ownsFolder: boolean) {
    this.#folder = folder;
    this.#ownsFolder = ownsFolder;
    this.#files = { json: path.join(folder, 'report.json'), markdown: path.join(folder, 'report.md') };
  }

  async write(report: AuditReport, signal: AbortSignal): Promise<void> {
    await orRefuse(this.#folder, async () => {
      await writeFile(partial(this.#files.json), `${JSON.stringify(report, null, 2)}\n`, { signal });
      await writeFile(partial(this.#files.markdown), reportMarkdown(report), { signal });
    });
  }

  async publish(): Promise<ReportFiles> {
    await orRefuse(this.#folder, async () => {
      for (const file of Object.values(this.#files)) await rename(partial(file), file);
    });
    this.#published = true;
    return this.#files;
  }

  /** Removes what `write` left, unless it was published. */
  async discard(): Promise<void> {
    if (this.#published) return;
    for (const file of Object.values(this.#files)) await rm(partial(file), { force: true });
    if (this.#ownsFolder) await rmdir(this.#folder);
  }
}

function partial(file: string): string {
  return `${file}.partial`;
}

async function orRefuse<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AuditInputError(`The report cannot be written to ${folder}: ${reason}`, { cause: error });
  }
}
