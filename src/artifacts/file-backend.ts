import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArtifactInit, ArtifactRef } from './artifact.js';
import type { ArtifactBackend } from './artifact-backend.js';
import { type ArtifactFolder, orIfMissing } from './artifact-folder.js';
import { readTrailer, trailerOf } from './file-trailer.js';

const PIECE_BYTES = 65_536;
/** A run may be deleted between making its folder and moving a file there. */
const MOVES = 5;

const fs = () => process.getBuiltinModule('node:fs/promises');

/**
 * One file per artifact: the content, then its reference.
 *
 * Invariants: a file is written elsewhere and moved in one step, so what stands in the folder of a run is whole; content
 * is held in memory one piece at a time.
 */
export class FileBackend implements ArtifactBackend {
  readonly #folder: ArtifactFolder;

  constructor(folder: ArtifactFolder) {
    this.#folder = folder;
  }

  async write(_init: ArtifactInit, content: AsyncIterable<Uint8Array>, seal: () => ArtifactRef): Promise<void> {
    await fs().mkdir(this.#folder.writing, { recursive: true, mode: 0o700 });
    const unfinished = join(this.#folder.writing, process.getBuiltinModule('node:crypto').randomUUID());
    try {
      const ref = await this.#writeAll(unfinished, content, seal);
      await move(unfinished, this.#folder.fileOf(ref));
    } catch (error) {
      await fs().rm(unfinished, { force: true });
      throw error;
    }
  }

  async #writeAll(path: string, content: AsyncIterable<Uint8Array>, seal: () => ArtifactRef): Promise<ArtifactRef> {
    const handle = await fs().open(path, 'wx', 0o600);
    try {
      for await (const piece of content) await handle.appendFile(piece);
      const ref = seal();
      await handle.appendFile(trailerOf(ref));
      await handle.sync();
      return ref;
    } finally {
      await handle.close();
    }
  }

  async read(ref: ArtifactRef): Promise<AsyncIterable<Uint8Array> | undefined> {
    const path = this.#folder.fileOf(ref);
    const handle = await orIfMissing(fs().open(path, 'r'), undefined);
    return handle === undefined ? undefined : piecesOf(handle, ref.bytes);
  }

  async delete(ref: ArtifactRef): Promise<boolean> {
    return orIfMissing(
      fs()
        .unlink(this.#folder.fileOf(ref))
        .then(() => true),
      false,
    );
  }

  async deleteRun(tenant: string | null, runId: string): Promise<number> {
    const folder = this.#folder.ofRun(tenant, runId);
    const names = await orIfMissing(fs().readdir(folder), []);
    await fs().rm(folder, { recursive: true, force: true });
    return names.length;
  }

  async list(tenant: string | null, runId: string | undefined): Promise<ArtifactRef[]> {
    const tenantFolder = this.#folder.ofTenant(tenant);
    const folders =
      runId === undefined
        ? (await orIfMissing(fs().readdir(tenantFolder), [])).map((name) => join(tenantFolder, name))
        : [this.#folder.ofRun(tenant, runId)];
    const refs: ArtifactRef[] = [];
    for (const folder of folders) {
      for (const name of await orIfMissing(fs().readdir(folder), [])) {
        const ref = await readTrailer(join(folder, name));
        if (ref !== undefined && ref.id === name && ref.tenant === tenant) refs.push(ref);
      }
    }
    return refs;
  }
}

async function move(from: string, to: string): Promise<void> {
  for (let left = MOVES; ; left--) {
    await fs().mkdir(dirname(to), { recursive: true, mode: 0o700 });
    try {
      return await fs().rename(from, to);
    } catch (error) {
      if (left === 0 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

async function* piecesOf(handle: FileHandle, bytes: number): AsyncGenerator<Uint8Array> {
  try {
    for (let left = bytes; left > 0; ) {
      const buffer = new Uint8Array(Math.min(left, PIECE_BYTES));
      const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength);
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
