import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ArtifactRef,
  type ArtifactStore,
  FileArtifactStore,
  MemoryArtifactStore,
  MemorySink,
  OrgContext,
  Pipeline,
  type StageContext,
  StageFailedError,
} from 'stageflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-artifacts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const STORES: [string, () => ArtifactStore][] = [
  ['in memory', () => new MemoryArtifactStore()],
  ['in files', () => new FileArtifactStore(folder)],
];

describe.each(STORES)('an output above the size, kept %s', (_, makeStore) => {
  it('is stored before its dependents start, and read by them as it is', async () => {
    const store = makeStore();
    const sink = new MemorySink();
    const body = new Uint8Array(100_000).fill(7);
    let seenByReader: unknown;
    const runnable = new Pipeline('p')
      .withStage('fetch', () => ({ body, text: 'ä'.repeat(60_000), size: body.length }))
      .withStage(
        'read',
        (ctx) => {
          seenByReader = ctx.inputs.from('fetch').body;
          expect(sink.ofType('artifact.stored')).toHaveLength(2);
          return {};
        },
        { dependsOn: ['fetch'] },
      )
      .build({ sinks: [sink], artifacts: { store, thresholdBytes: 50_000 } });
    const results = await runnable.run({ org: OrgContext.verified({ orgId: 'acme' }) });
    expect(seenByReader).toBe(body);
    expect(results.of('fetch').body).toBe(body);
    const [bytes, text] = results.artifacts as [ArtifactRef, ArtifactRef];
    expect(bytes).toMatchObject({ name: 'body', tenant: 'acme', stage: 'fetch', bytes: 100_000, encoding: 'bytes' });
    expect(text).toMatchObject({ name: 'text', encoding: 'text', contentType: 'text/plain', bytes: 120_000 });
    expect(Buffer.from(await store.forTenant('acme').get(bytes)).equals(body)).toBe(true);
    expect(JSON.stringify(sink.events).length).toBeLessThan(5_000);
  });

  it('is one artifact when many small fields make it large', async () => {
    const store = makeStore();
    const rows = Object.fromEntries(Array.from({ length: 1_000 }, (_entry, index) => [`row${index}`, { index }]));
    const results = await new Pipeline('p')
      .withStage('rows', () => rows)
      .build({ artifacts: { store, thresholdBytes: 5_000 } })
      .run();
    const [whole] = results.artifacts as [ArtifactRef];
    expect(whole).toMatchObject({ name: 'output', encoding: 'json', contentType: 'application/json' });
    expect(JSON.parse(Buffer.from(await store.forTenant(null).get(whole)).toString())).toEqual(rows);
  });

  it('is what a stage keeps by name, too', async () => {
    const store = makeStore();
    const runnable = new Pipeline('p')
      .withStage('render', async (ctx) => ({ report: await ctx.artifacts.put('report.md', '# Done') }))
      .withStage(
        'send',
        async (ctx) => {
          const { report } = ctx.inputs.from('render');
          return { text: Buffer.from(await ctx.artifacts.get(report)).toString() };
        },
        { dependsOn: ['render'] },
      )
      .build({ artifacts: { store } });
    const results = await runnable.run();
    expect(results.of('send')).toEqual({ text: '# Done' });
    expect(results.artifacts.map(({ name }) => name)).toEqual(['report.md']);
  });
});

describe('without room or place for it', () => {
  it('a large output fails its stage: ARTIFACT_STORE_FULL', async () => {
    const store = new MemoryArtifactStore({ maxBytes: 1_000 });
    const run = new Pipeline('p')
      .withStage('fetch', () => ({ text: 'x'.repeat(10_000) }))
      .build({ artifacts: { store, thresholdBytes: 5_000 } })
      .run();
    const error = await run.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StageFailedError);
    expect(error).toMatchObject({ stage: 'fetch', cause: { code: 'ARTIFACT_STORE_FULL' } });
  });

  it('ctx.artifacts says so: ARTIFACT_NO_STORE', async () => {
    const run = new Pipeline('p').withStage('s', (ctx) => ctx.artifacts.put('a', 'b').then(() => ({}))).run();
    expect(await run.catch((thrown: unknown) => thrown)).toMatchObject({ cause: { code: 'ARTIFACT_NO_STORE' } });
  });

  it('what cannot be stored fails its stage, with the path', async () => {
    const run = new Pipeline('p')
      .withStage('s', () => ({ list: Array.from({ length: 1_000 }, () => () => {}) }))
      .build({ artifacts: { store: new MemoryArtifactStore(), thresholdBytes: 10 } })
      .run();
    const error = (await run.catch((thrown: unknown) => thrown)) as StageFailedError;
    expect(error.cause).toMatchObject({ code: 'PAYLOAD_NOT_ENCODABLE' });
    expect(String(error.cause)).toContain('list[0]');
  });

  it('a tenant never reads the artifacts of another: ARTIFACT_FORBIDDEN', async () => {
    const store = new MemoryArtifactStore();
    const pipeline = new Pipeline('p').withStage('s', async (ctx) => {
      const given = ctx.snapshot.input as ArtifactRef | undefined;
      if (given === undefined) return { ref: await ctx.artifacts.put('a', 'of acme') };
      return { text: Buffer.from(await ctx.artifacts.get(given)).toString() };
    });
    const runnable = pipeline.build({ artifacts: { store } });
    const acme = { org: OrgContext.verified({ orgId: 'acme' }) };
    const { ref } = (await runnable.run(acme)).of('s') as { ref: ArtifactRef };
    expect((await runnable.run({ ...acme, input: ref })).of('s')).toEqual({ text: 'of acme' });
    const other = runnable.run({ org: OrgContext.verified({ orgId: 'evil' }), input: ref });
    expect(await other.catch((thrown: unknown) => thrown)).toMatchObject({ cause: { code: 'ARTIFACT_FORBIDDEN' } });
  });
});

it('a 100 MB value is neither copied per stage nor put into events', async () => {
  const body = new Uint8Array(100 * 1024 * 1024);
  const sink = new MemorySink();
  let pipeline: Pipeline<any> = new Pipeline('p').withStage('s0', (ctx) => ctx.snapshot.input as { body: Uint8Array });
  for (let index = 1; index < 20; index++) {
    pipeline = pipeline.withStage(
      `s${index}`,
      (ctx: StageContext) => ({ body: ctx.inputs.from(`s${index - 1}`).body }),
      {
        dependsOn: [`s${index - 1}`],
      },
    );
  }
  const before = process.memoryUsage().arrayBuffers;
  const results = await pipeline.build({ sinks: [sink] }).run({ input: { body } });
  expect(results.of('s19').body).toBe(body);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  expect(JSON.stringify(sink.events).length).toBeLessThan(50_000);
});
