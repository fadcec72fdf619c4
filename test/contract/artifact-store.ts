import { describe, expect, it } from 'vitest';
import type { ArtifactContent, ArtifactRef, ArtifactStore } from '../../src/artifacts/index.js';
import { isArtifactRef } from '../../src/artifacts/index.js';

/** What a store is tested with. */
export interface StoreUnderTest {
  readonly store: ArtifactStore;
  /** The same store after a restart of the process; absent if nothing survives one. */
  readonly reopen?: () => ArtifactStore;
  /** Changes what is stored under a reference, behind the back of the store. */
  readonly damage?: (ref: ArtifactRef, how: 'change' | 'shorten') => Promise<void>;
}

const page = { runId: 'run-1', stage: 'Fetch', name: 'page' };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);
const failure = (code: string) => expect.objectContaining({ code });
const edited = (ref: ArtifactRef, change: object) => ({ ...ref, ...change }) as ArtifactRef;

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  let result = '';
  for await (const piece of pieces) result += text(piece);
  return result;
}

/** The suite that every `ArtifactStore` passes. `make` gives an empty store each time. */
export function artifactStoreContract(name: string, make: () => StoreUnderTest): void {
  describe(`${name} as a store of artifacts`, () => {
    itKeepsContent(make);
    itKeepsTenantsApart(make);
    itRefusesWhatWasMadeUp(make);
    itFailsWhole(make);
  });
}

function itKeepsContent(make: () => StoreUnderTest): void {
  it('gives back what was put, whole and piece by piece, and a reference that says what it is', async () => {
    const artifacts = make().store.forTenant('acme');
    const ref = await artifacts.put({ ...page, contentType: 'text/html', encoding: 'text' }, bytes('<b>hi</b>'));
    expect(ref).toMatchObject({ ...page, tenant: 'acme', contentType: 'text/html', encoding: 'text', bytes: 9 });
    expect(Object.isFrozen(ref) && isArtifactRef(ref)).toBe(true);
    expect(text(await artifacts.get(ref))).toBe('<b>hi</b>');
    expect(await collect(artifacts.stream(ref))).toBe('<b>hi</b>');
  });

  it('takes references that went through JSON', async () => {
    const artifacts = make().store.forTenant(null);
    const ref = JSON.parse(JSON.stringify(await artifacts.put(page, bytes('x'))));
    expect(isArtifactRef(ref)).toBe(true);
    expect(text(await artifacts.get(ref))).toBe('x');
  });

  it('keeps empty content, and many pieces', async () => {
    const artifacts = make().store.forTenant(null);
    const empty = await artifacts.put(page, new Uint8Array());
    expect([empty.bytes, (await artifacts.get(empty)).byteLength, await collect(artifacts.stream(empty))]).toEqual([
      0,
      0,
      '',
    ]);
    async function* pieces() {
      for (const piece of ['a', '', 'b', 'c']) yield bytes(piece);
    }
    expect(text(await artifacts.get(await artifacts.put(page, pieces())))).toBe('abc');
  });

  it('shares no memory with writers and readers', async () => {
    const artifacts = make().store.forTenant(null);
    const content = bytes('stable');
    const ref = await artifacts.put(page, content);
    content.fill(0);
    (await artifacts.get(ref)).fill(0);
    for await (const piece of artifacts.stream(ref)) piece.fill(0);
    expect(text(await artifacts.get(ref))).toBe('stable');
  });

  it('keeps one artifact per content, however often and however much at once it is put', async () => {
    const artifacts = make().store.forTenant(null);
    const contents = Array.from({ length: 24 }, (_, index) => `content ${index % 3}`);
    const refs = await Promise.all(contents.map((content) => artifacts.put(page, bytes(content))));
    expect(new Set(refs.map(({ id }) => id)).size).toBe(3);
    expect(await Promise.all(refs.map(async (ref) => text(await artifacts.get(ref))))).toEqual(contents);
    expect(await artifacts.list()).toHaveLength(3);
  });

  it('lists by run, stage, name, and deletes one or all of a run', async () => {
    const artifacts = make().store.forTenant('acme');
    const put = (runId: string, name: string) => artifacts.put({ runId, stage: 'S', name }, bytes(runId + name));
    const [b2, a1, b1] = [await put('b', '2'), await put('a', '1'), await put('b', '1')];
    expect(await artifacts.list()).toEqual([a1, b1, b2]);
    expect(await artifacts.list({ runId: 'b' })).toEqual([b1, b2]);
    expect(await artifacts.list({ runId: 'c' })).toEqual([]);
    expect([await artifacts.delete(b1), await artifacts.delete(b1)]).toEqual([true, false]);
    await expect(artifacts.get(b1)).rejects.toEqual(failure('ARTIFACT_MISSING'));
    expect([await artifacts.deleteRun('b'), await artifacts.deleteRun('b')]).toEqual([1, 0]);
    expect(await artifacts.list()).toEqual([a1]);
  });

  it('takes any name, and every name is another artifact', async () => {
    const artifacts = make().store.forTenant('acme');
    const names = [
      '../../etc/passwd',
      '/etc/passwd',
      'C:\\x',
      'a/b',
      'a:b',
      'CON',
      'nul.txt',
      '.',
      '..',
      'ä',
      'a\u0308',
    ];
    names.push('日本', '🔑', 'x'.repeat(1024), 'A', 'a', ' a', 'a ', 'a\nb', '%2e%2e', '__proto__');
    const fields = ['name', 'stage', 'runId'] as const;
    for (const field of fields) {
      const refs = await Promise.all(
        names.map((name) => artifacts.put({ ...page, [field]: name }, bytes(`${field}${name}`))),
      );
      const contents = await Promise.all(refs.map((ref) => artifacts.get(ref)));
      expect(contents.map(text)).toEqual(names.map((name) => `${field}${name}`));
    }
    for (const runId of names) expect(await artifacts.deleteRun(runId)).toBe(1);
    expect(await artifacts.list()).toHaveLength(names.length * 2);
  });

  it('streams 20 MB in and out, a few pieces at a time', async () => {
    const artifacts = make().store.forTenant(null);
    const piece = new Uint8Array(262_144).fill(7);
    async function* pieces() {
      for (let index = 0; index < 80; index++) yield piece;
    }
    const ref = await artifacts.put(page, pieces());
    expect(ref.bytes).toBe(20_971_520);
    let [total, largest] = [0, 0];
    for await (const part of artifacts.stream(ref)) {
      total += part.byteLength;
      largest = Math.max(largest, part.byteLength, part.buffer.byteLength);
    }
    expect(total).toBe(ref.bytes);
    expect(largest).toBeLessThanOrEqual(262_144);
  });

  it('survives a reader that stops', async () => {
    const artifacts = make().store.forTenant(null);
    const ref = await artifacts.put(page, new Uint8Array(3_000_000));
    for await (const _ of artifacts.stream(ref)) break;
    expect((await artifacts.get(ref)).byteLength).toBe(3_000_000);
  });

  const survives = make().reopen !== undefined;
  if (survives)
    it('is the same after a restart', async () => {
      const { store, reopen } = make();
      const ref = await store.forTenant('acme').put(page, bytes('x'));
      const again = reopen?.().forTenant('acme');
      expect(await again?.list()).toEqual([ref]);
      expect(text((await again?.get(ref)) ?? bytes(''))).toBe('x');
    });
}

function itKeepsTenantsApart(make: () => StoreUnderTest): void {
  const tenants = ['acme', 'ACME', 'acme ', 'null', 'no-tenant', '../acme', null];

  it('lets no tenant reach the artifacts of another, not even with a reference rewritten for it', async () => {
    const { store } = make();
    const refs = await Promise.all(tenants.map((tenant) => store.forTenant(tenant).put(page, bytes(`of ${tenant}`))));
    for (const [index, tenant] of tenants.entries()) {
      const artifacts = store.forTenant(tenant);
      expect(await artifacts.list()).toEqual([refs[index]]);
      for (const ref of refs.filter((_, other) => other !== index)) {
        await expect(artifacts.get(ref)).rejects.toEqual(failure('ARTIFACT_FORBIDDEN'));
        await expect(collect(artifacts.stream(ref))).rejects.toEqual(failure('ARTIFACT_FORBIDDEN'));
        await expect(artifacts.delete(ref)).rejects.toEqual(failure('ARTIFACT_FORBIDDEN'));
        await expect(artifacts.get(edited(ref, { tenant }))).rejects.toEqual(failure('ARTIFACT_INVALID'));
      }
      expect(text(await artifacts.get(refs[index] as ArtifactRef))).toBe(`of ${tenant}`);
    }
    expect(await store.forTenant('acme').deleteRun(page.runId)).toBe(1);
    expect(await store.forTenant('ACME').list()).toHaveLength(1);
  });

  it('finds nothing with a reference that a tenant made for itself, with everything right', async () => {
    const [here, elsewhere] = [make().store, make().store];
    await here.forTenant('acme').put(page, bytes('secret'));
    const own = await elsewhere.forTenant('other').put(page, bytes('secret'));
    await expect(here.forTenant('other').get(own)).rejects.toEqual(failure('ARTIFACT_MISSING'));
  });

  it.each(['', ' ', 7, undefined, {}, '\ud800'])('has no tenant %j', (tenant) => {
    expect(() => make().store.forTenant(tenant as string)).toThrow(failure('ARTIFACT_INVALID'));
  });
}

function itRefusesWhatWasMadeUp(make: () => StoreUnderTest): void {
  it.each([
    { name: 'other' },
    { stage: '../x' },
    { runId: 'run-2' },
    { bytes: 5 },
    { bytes: -1 },
    { digest: '0'.repeat(64) },
    { digest: '../../etc/passwd' },
    { contentType: 'text/html' },
    { contentType: 'text/html\r\nX: y' },
    { encoding: 'gzip' },
    { id: '../../../etc/passwd' },
    { id: '/etc/passwd' },
    { id: '0'.repeat(64) },
    { type: 'stageflow.artifact/2' },
    { tenant: undefined },
  ])('refuses a reference edited to %j', async (change) => {
    const artifacts = make().store.forTenant('acme');
    const ref = await artifacts.put(page, bytes('x'));
    const wrong = edited(ref, change);
    expect(isArtifactRef(wrong)).toBe(false);
    await expect(artifacts.get(wrong)).rejects.toEqual(failure('ARTIFACT_INVALID'));
    await expect(collect(artifacts.stream(wrong))).rejects.toEqual(failure('ARTIFACT_INVALID'));
    await expect(artifacts.delete(wrong)).rejects.toEqual(failure('ARTIFACT_INVALID'));
  });

  it.each([
    [{ name: '' }, 'x'],
    [{ name: 'x'.repeat(1025) }, 'x'],
    [{ runId: '\udfff' }, 'x'],
    [{ stage: 7 }, 'x'],
    [{ contentType: 'html' }, 'x'],
    [{ encoding: 'zip' }, 'x'],
    [{}, 'a string'],
    [{}, [1, 2]],
    [{}, null],
  ])('refuses to put %j', async (change, content) => {
    const artifacts = make().store.forTenant(null);
    const body = content === 'x' ? bytes('x') : content;
    const put = artifacts.put({ ...page, ...change } as typeof page, body as ArtifactContent);
    await expect(put).rejects.toEqual(failure('ARTIFACT_INVALID'));
    expect(await artifacts.list()).toEqual([]);
  });
}

function itFailsWhole(make: () => StoreUnderTest): void {
  it('keeps nothing of content that fails, and passes on what it threw', async () => {
    const artifacts = make().store.forTenant(null);
    const lost = new Error('connection lost');
    async function* pieces() {
      yield bytes('half');
      throw lost;
    }
    await expect(artifacts.put(page, pieces())).rejects.toBe(lost);
    async function* wrong() {
      yield 'text' as unknown as Uint8Array;
    }
    await expect(artifacts.put(page, wrong())).rejects.toEqual(failure('ARTIFACT_INVALID'));
    expect(await artifacts.list()).toEqual([]);
  });

  const canBeDamaged = make().damage !== undefined;
  if (canBeDamaged)
    it.each(['change', 'shorten'] as const)(
      'never hands out content whole after a %s, and heals when it is put again',
      async (how) => {
        const { store, damage } = make();
        const artifacts = store.forTenant('acme');
        const content = new Uint8Array(200_000).fill(1);
        const ref = await artifacts.put(page, content);
        await damage?.(ref, how);
        await expect(artifacts.get(ref)).rejects.toEqual(failure('ARTIFACT_CORRUPT'));
        let seen = 0;
        const reading = (async () => {
          for await (const piece of artifacts.stream(ref)) seen += piece.byteLength;
        })();
        await expect(reading).rejects.toThrow('artifact "page" of stage "Fetch" in run "run-1"');
        expect(seen).toBeLessThan(content.byteLength);
        await artifacts.put(page, content);
        expect(Buffer.compare(await artifacts.get(ref), content)).toBe(0);
      },
    );
}
