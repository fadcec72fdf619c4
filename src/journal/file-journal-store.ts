import { FileRun, type FoundRun, findRun } from './file-run.js';
import {
  type JournalLine,
  type JournalStore,
  type Lease,
  type RunErasure,
  type RunKey,
  RunLostError,
  type RunQuery,
  type RunSummary,
} from './journal-store.js';
import { isMeant } from './memory-journal-store.js';

const fs = () => process.getBuiltinModule('node:fs');
const join = (...parts: string[]) => process.getBuiltinModule('node:path').join(...parts);

export interface FileJournalOptions {
  /**
   * `normal` survives the end of the process at any moment; a power cut may take the last lines with it. `full` survives both,
   * and waits for the disk at each writing. Default `normal`.
   */
  readonly durability?: 'normal' | 'full';
}

/**
 * Keeps journals as files of lines, a folder for each run: storage that needs nothing, for one machine, readable with `cat`.
 * Several processes may use one folder. To list runs it looks at all of them: for many runs take a database.
 */
export class FileJournalStore implements JournalStore {
  readonly groupsRuns = false;
  readonly #folder: string;
  readonly #syncs: boolean;
  /** Worked out once for the key that all lines of a run share. */
  readonly #folders = new WeakMap<RunKey, string>();
  /** Those that this process writes. */
  readonly #runs = new Map<string, FileRun>();

  /** @param folder made when the first run is written, for its owner alone */
  constructor(folder: string, { durability = 'normal' }: FileJournalOptions = {}) {
    this.#folder = folder;
    this.#syncs = durability === 'full';
  }

  async append(lines: readonly JournalLine[]): Promise<void> {
    const [first] = lines;
    if (first === undefined) return;
    const folder = this.#folderOf(first.key);
    if (first.opens === undefined) this.#append(folder, first, lines);
    else this.#begin(folder, first, first.opens, lines);
    if (lines.at(-1)?.ends !== undefined) this.#leave(folder);
  }

  async read(key: RunKey): Promise<readonly string[] | null> {
    const found = findRun(this.#folderOf(key));
    return found === null || found.bodies.length === 0 ? null : found.bodies;
  }

  async list({ tenant, pipeline, status, limit = 100 }: RunQuery): Promise<readonly RunSummary[]> {
    return this.#all()
      .map(({ summary }) => summary)
      .filter((run) => tenant === undefined || run.tenant === tenant)
      .filter((run) => pipeline === undefined || run.pipeline === pipeline)
      .filter((run) => status === undefined || run.status === status)
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, limit);
  }

  async claim(key: RunKey, lease: Lease, now: number, isDead: (owner: string) => boolean): Promise<boolean> {
    const folder = this.#folderOf(key);
    const found = findRun(folder);
    if (found === null || found.summary.status !== 'open') return false;
    if (found.lease.until > now && !isDead(found.lease.owner)) return false;
    const run = FileRun.takeOver(folder, found, lease);
    if (run === null) return false;
    this.#leave(folder);
    this.#runs.set(folder, run);
    return true;
  }

  async renew(keys: readonly RunKey[], lease: Lease): Promise<readonly RunKey[]> {
    const lost: RunKey[] = [];
    for (const key of keys) {
      const run = this.#runs.get(this.#folderOf(key));
      if (run?.isOurs() === true) run.sign(lease);
      else lost.push(key);
    }
    return lost;
  }

  async release(key: RunKey, owner: string): Promise<void> {
    const folder = this.#folderOf(key);
    const run = this.#runs.get(folder);
    if (run?.isOurs() === true) run.sign({ owner, until: 0 });
    this.#leave(folder);
  }

  async erase(what: RunErasure): Promise<number> {
    const gone = this.#all().filter(({ summary }) => isMeant(summary, what));
    for (const { summary } of gone) {
      const folder = this.#folderOf(summary);
      this.#leave(folder);
      fs().rmSync(folder, { recursive: true, force: true });
    }
    return gone.length;
  }

  #begin(
    folder: string,
    { key, sequence, owner }: JournalLine,
    opens: NonNullable<JournalLine['opens']>,
    lines: readonly JournalLine[],
  ): void {
    const run = FileRun.begin(folder, { ...key, owner, ...opens }, lines);
    if (run === null) throw new RunLostError(key, sequence);
    this.#runs.set(folder, run);
  }

  #append(folder: string, { key, sequence }: JournalLine, lines: readonly JournalLine[]): void {
    const run = this.#runs.get(folder);
    if (run === undefined) throw new RunLostError(key, sequence);
    run.append(lines, this.#syncs);
  }

  #leave(folder: string): void {
    this.#runs.get(folder)?.close();
    this.#runs.delete(folder);
  }

  #all(): FoundRun[] {
    const tenants = namesIn(this.#folder).map((name) => join(this.#folder, name));
    const runs = tenants.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
    return runs.flatMap((folder) => findRun(folder) ?? []);
  }

  /** Tenants and run ids are anybody's text; the names of folders are not. */
  #folderOf(key: RunKey): string {
    let folder = this.#folders.get(key);
    if (folder === undefined) {
      folder = join(this.#folder, key.tenant === null ? 'none' : digestOf(key.tenant), digestOf(key.runId));
      this.#folders.set(key, folder);
    }
    return folder;
  }
}

function namesIn(folder: string): string[] {
  try {
    return fs().readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function digestOf(text: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex').slice(0, 40);
}
