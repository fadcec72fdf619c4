import type { ArtifactRef, ArtifactStore } from '../../artifacts/index.js';
import { type ContractCase, demand, demandEqual } from './contract-case.js';

const page = { runId: 'run-1', stage: 'Fetch', name: 'page' };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

/** What every `ArtifactStore` has to keep. @param make gives an empty one for each case */
export function artifactStoreCases(make: () => ArtifactStore | Promise<ArtifactStore>): readonly ContractCase[] {
  const store = async () => make();
  return [
    { name: 'gives back what was put, empty content included', run: async () => givesBack(await store()) },
    { name: 'shares no memory with writers and readers', run: async () => sharesNoMemory(await store()) },
    { name: 'keeps nothing of content that fails', run: async () => keepsNothing(await store()) },
    { name: 'keeps tenants apart, also those with almost the same name', run: async () => keepsApart(await store()) },
    { name: 'takes any name, and every name is another artifact', run: async () => takesAnyName(await store()) },
    { name: 'lists and deletes by run, and says whether there was something', run: async () => deletes(await store()) },
    { name: 'takes the same content many times at once', run: async () => takesMany(await store()) },
  ];
}

async function givesBack(store: ArtifactStore): Promise<void> {
  const artifacts = store.forTenant('acme');
  for (const content of ['<b>hi</b>', '']) {
    const ref = await artifacts.put(page, bytes(content));
    demandEqual(text(await artifacts.get(ref)), content, 'The content');
  }
}

async function sharesNoMemory(store: ArtifactStore): Promise<void> {
  const artifacts = store.forTenant(null);
  const content = bytes('stable');
  const ref = await artifacts.put(page, content);
  content.fill(0);
  (await artifacts.get(ref)).fill(0);
  demandEqual(text(await artifacts.get(ref)), 'stable', 'Content that others have written over');
}

async function keepsNothing(store: ArtifactStore): Promise<void> {
  const artifacts = store.forTenant(null);
  const lost = new Error('connection lost');
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield bytes('half');
    throw lost;
  }
  const error: unknown = await artifacts.put(page, pieces()).then(
    () => null,
    (thrown) => thrown,
  );
  demand(error === lost, 'What the content throws is not passed on.');
  demandEqual(await artifacts.list(), [], 'What is listed after content that failed');
}

async function keepsApart(store: ArtifactStore): Promise<void> {
  const tenants = ['acme', 'ACME', 'acme ', 'null', '../acme', null];
  const refs = new Map<string | null, ArtifactRef>();
  for (const tenant of tenants) refs.set(tenant, await store.forTenant(tenant).put(page, bytes(`of ${tenant}`)));
  for (const [tenant, ref] of refs) {
    const artifacts = store.forTenant(tenant);
    demandEqual(await artifacts.list(), [ref], `What tenant "${tenant}" has`);
    demandEqual(text(await artifacts.get(ref)), `of ${tenant}`, 'The content');
  }
  await store.forTenant('acme').deleteRun(page.runId);
  demandEqual((await store.forTenant('ACME').list()).length, 1, 'What another tenant has after a run was deleted');
}

async function takesAnyName(store: ArtifactStore): Promise<void> {
  const artifacts = store.forTenant('acme');
  const names = [
    '../../etc/passwd',
    '/etc/passwd',
    'a/b',
    'a:b',
    '.',
    '..',
    'CON',
    'A',
    'a',
    ' a',
    'a ',
    '日本',
    '__proto__',
  ];
  const refs = await Promise.all(names.map((name) => artifacts.put({ ...page, name }, bytes(name))));
  const contents = await Promise.all(refs.map((ref) => artifacts.get(ref)));
  demandEqual(contents.map(text), names, 'The contents');
}

async function deletes(store: ArtifactStore): Promise<void> {
  const artifacts = store.forTenant('acme');
  const put = (runId: string, name: string) => artifacts.put({ ...page, runId, name }, bytes(runId + name));
  const [first, second, other] = [await put('a', '1'), await put('a', '2'), await put('b', '1')];
  demandEqual(await artifacts.list({ runId: 'b' }), [other], 'What is listed of run "b"');
  demandEqual([await artifacts.delete(first), await artifacts.delete(first)], [true, false], 'Deleting twice');
  demandEqual([await artifacts.deleteRun('a'), await artifacts.deleteRun('a')], [1, 0], 'Deleting a run twice');
  demandEqual(await artifacts.list(), [other], `What is left beside ${second.name}`);
}

async function takesMany(store: ArtifactStore): Promise<void> {
  const artifacts = store.forTenant(null);
  const contents = Array.from({ length: 24 }, (_, index) => `content ${index % 3}`);
  const refs = await Promise.all(contents.map((content) => artifacts.put(page, bytes(content))));
  demandEqual(await Promise.all(refs.map(async (ref) => text(await artifacts.get(ref)))), contents, 'The contents');
  demandEqual((await artifacts.list()).length, 3, 'How many are kept of three contents');
}
