import { isAbsolute, join, resolve } from 'node:path';
import type { ArtifactRef } from './artifact.js';

const WRITING = 'writing';

/** Where files are. Nothing that a caller says is part of a path, but for the folder itself. */
export class ArtifactFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = isAbsolute(path) ? path : resolve(path);
  }

  /** Files that are not finished: out of the way of everything that lists. */
  get writing(): string {
    return join(this.#path, WRITING);
  }

  ofTenant(tenant: string | null): string {
    return join(this.#path, tenant === null ? 'no-tenant' : `tenant-${hashOf(tenant)}`);
  }

  ofRun(tenant: string | null, runId: string): string {
    return join(this.ofTenant(tenant), hashOf(runId));
  }

  /** The id is known to be hex: references are checked before they get here. */
  fileOf({ tenant, runId, id }: ArtifactRef): string {
    return join(this.ofRun(tenant, runId), id);
  }

  async sweep(writtenBefore: Date): Promise<number> {
    const { readdir, rm, stat } = process.getBuiltinModule('node:fs/promises');
    let count = 0;
    for (const name of await orIfMissing(readdir(this.writing), [])) {
      const path = join(this.writing, name);
      const stats = await orIfMissing(stat(path), undefined);
      if (stats === undefined || stats.mtimeMs >= writtenBefore.getTime()) continue;
      await rm(path, { force: true });
      count++;
    }
    return count;
  }
}

/** 128 bits, so that paths stay short: nobody finds a second name for a hash that is there. */
function hashOf(name: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(name).digest('hex').slice(0, 32);
}

/** What is not there, or no longer, is no failure; nor is a stray file where folders are. */
export async function orIfMissing<T, F>(action: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await action;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return fallback;
  }
}
