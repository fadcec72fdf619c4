import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type ArtifactRef, FileArtifactStore, MemoryArtifactStore } from '../../../src/artifacts/index.js';
import { artifactStoreContract } from '../../contract/artifact-store.js';

const root = mkdtempSync(join(tmpdir(), 'stageflow-artifacts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const freshFolder = () => join(root, `store-${++folders}`);
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
const page = { runId: 'run-1', stage: 'Fetch', name: 'page' };

function damageIn(folder: string) {
  return async (ref: ArtifactRef, how: 'change' | 'shorten') => {
    const path = filesIn(folder).find((file) => file.endsWith(ref.id)) ?? '';
    const content = readFileSync(path);
    content[content.length >> 1] = 99;
    writeFileSync(path, how === 'shorten' ? content.subarray(0, content.length >> 1) : content);
  };
}

artifactStoreContract('MemoryArtifactStore', () => ({ store: new MemoryArtifactStore() }));
artifactStoreContract('FileArtifactStore', () => {
  const folder = freshFolder();
  return {
    store: new FileArtifactStore(folder),
    reopen: () => new FileArtifactStore(folder),
    damage: damageIn(folder),
  };
});

describe('MemoryArtifactStore', () => {
  it('refuses what does not fit, keeps what it has, and stops the writer', async () => {
    const store = new MemoryArtifactStore({ maxBytes: 10 });
    const artifacts = store.forTenant(null);
    const kept = await artifacts.put(page, new Uint8Array(8));
    let made = 0;
    async function* pieces() {
      for (; made < 100; made++) yield new Uint8Array(1);
    }
    await expect(artifacts.put({ ...page, name: 'log' }, pieces())).rejects.toThrow(
      expect.objectContaining({
        code: 'ARTIFACT_STORE_FULL',
        summary: 'Artifact "log" of stage "Fetch" in run "run-1" does not fit: the store holds at most 10 bytes.',
      }),
    );
    expect([made, store.bytes]).toEqual([2, 8]);
    expect(await artifacts.list()).toEqual([kept]);
    await artifacts.delete(kept);
    expect(store.bytes).toBe(0);
    await artifacts.put(page, new Uint8Array(10));
  });

  it('counts an artifact once, however often it is put', async () => {
    const store = new MemoryArtifactStore({ maxBytes: 100 });
    const put = () => store.forTenant(null).put(page, new Uint8Array(10));
    await Promise.all([put(), put(), put()]);
    expect(store.bytes).toBe(10);
    await store.forTenant(null).deleteRun(page.runId);
    expect(store.bytes).toBe(0);
  });

  it.each([-1, 1.5, Number.NaN, '1'])('has no bound of %j', (maxBytes) => {
    expect(() => new MemoryArtifactStore({ maxBytes: maxBytes as number })).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_INVALID' }),
    );
  });
});

describe('FileArtifactStore', () => {
  it('writes only below its folder, under names it made, readable by the owner alone', async () => {
    const folder = freshFolder();
    const artifacts = new FileArtifactStore(folder).forTenant('../../acme');
    await artifacts.put({ runId: '../../run', stage: '/etc', name: '../../../x' }, new Uint8Array(1));
    const files = filesIn(folder);
    expect(files.map((file) => file.slice(folder.length))).toEqual([
      expect.stringMatching(/^\/tenant-[0-9a-f]{32}\/[0-9a-f]{32}\/[0-9a-f]{64}$/),
    ]);
    expect(files.map((file) => statSync(file).mode & 0o077)).toEqual([0]);
  });

  it('holds one piece of a stream at a time: a piece is asked for only after the one before is on the disk', async () => {
    const folder = freshFolder();
    const sizes: number[] = [];
    async function* pieces() {
      const piece = new Uint8Array(1_048_576);
      for (let index = 0; index < 20; index++) {
        yield piece;
        sizes.push(filesIn(folder).reduce((sum, file) => sum + statSync(file).size, 0));
      }
    }
    await new FileArtifactStore(folder).forTenant(null).put(page, pieces());
    expect(sizes).toEqual(Array.from({ length: 20 }, (_, index) => (index + 1) * 1_048_576));
  });

  it('shows nothing of writers that were killed, and sweeps what they left', async () => {
    const folder = freshFolder();
    const store = new FileArtifactStore(folder);
    expect(await store.sweep({ writtenBefore: new Date() })).toBe(0);
    const ref = await store.forTenant(null).put(page, new Uint8Array(5));
    const [dead, alive] = [join(folder, 'writing', 'dead'), join(folder, 'writing', 'alive')];
    for (const [path, seconds] of [
      [dead, 1_000],
      [alive, 3_000],
    ] as const) {
      writeFileSync(path, 'half');
      utimesSync(path, seconds, seconds);
    }
    expect(await store.forTenant(null).list()).toEqual([ref]);
    expect(await store.sweep({ writtenBefore: new Date(2_000_000) })).toBe(1);
    expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
    expect((await store.forTenant(null).get(ref)).byteLength).toBe(5);
  });

  it('lists nothing that is no artifact of it', async () => {
    const folder = freshFolder();
    const artifacts = new FileArtifactStore(folder).forTenant(null);
    const ref = await artifacts.put(page, new Uint8Array(5));
    const [file = ''] = filesIn(folder);
    writeFileSync(join(file, '..', 'f'.repeat(64)), readFileSync(file));
    writeFileSync(join(file, '..', 'notes.txt'), 'hello');
    writeFileSync(join(file, '..', 'short'), '');
    mkdirSync(join(file, '..', 'folder'));
    writeFileSync(join(folder, 'no-tenant', 'stray'), 'hello');
    expect(await artifacts.list()).toEqual([ref]);
  });

  it.each(['', ' ', 7, undefined, 'a\0b'])('needs a folder, not %j', (folder) => {
    expect(() => new FileArtifactStore(folder as string)).toThrow(
      expect.objectContaining({ code: 'ARTIFACT_INVALID' }),
    );
  });
});
