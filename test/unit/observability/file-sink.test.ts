import { mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileSink } from '../../../src/observability/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stageflow-sink-'));
  path = join(folder, 'deep', 'events.jsonl');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function linesOf(file: string): Promise<any[]> {
  const text = await readFile(file, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

it('a file holds the events of a run, one JSON object a line, in order, once it is closed', async () => {
  const sink = new FileSink(path);
  const pipeline = new Pipeline('p').withStage('a', (ctx) => {
    ctx.emit('odd', { big: 1n, text: 'zwei\nZeilen' });
    return {};
  });
  const { id, result } = pipeline.build({ sinks: [sink] }).start();
  await result;
  await sink.close();
  const lines = await linesOf(path);
  expect(lines.map(({ type }) => type)).toEqual([
    'pipeline.started',
    'stage.started',
    'custom',
    'stage.completed',
    'pipeline.completed',
  ]);
  expect(lines.every(({ runId }) => runId === id)).toBe(true);
  expect(lines[2].data).toEqual({ big: '1', text: 'zwei\nZeilen' });
  expect((await stat(path)).mode & 0o077).toBe(0);
});

it('a file is appended to, by the next sink as well', async () => {
  for (const n of [1, 2]) {
    await using sink = new FileSink(path);
    sink.emit({ n });
  }
  expect(await linesOf(path)).toEqual([{ n: 1 }, { n: 2 }]);
});

it('a file that was rotated is made anew, and no line is lost or torn', async () => {
  const sink = new FileSink(path);
  sink.emit({ n: 1 });
  await sink.flush();
  await rename(path, `${path}.1`);
  sink.emit({ n: 2 });
  await sink.flush();
  await rm(path);
  sink.emit({ n: 3 });
  await sink.close();
  expect(await linesOf(`${path}.1`)).toEqual([{ n: 1 }]);
  expect(await linesOf(path)).toEqual([{ n: 3 }]);
});

it('flush waits for what comes while it waits', async () => {
  const sink = new FileSink(path);
  for (let n = 0; n < 500; n++) sink.emit({ n });
  const flushed = sink.flush();
  for (let n = 500; n < 1_000; n++) sink.emit({ n });
  await flushed;
  expect((await linesOf(path)).map(({ n }) => n)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  await sink.close();
});

it('what cannot wait any more, or comes after close, is dropped and counted', async () => {
  const sink = new FileSink(path, { maxPendingBytes: 20 });
  for (const n of [1, 2, 3]) sink.emit({ n });
  await sink.flush();
  sink.emit({ n: 4 });
  await sink.close();
  sink.emit({ n: 5 });
  expect(await linesOf(path)).toEqual([{ n: 1 }, { n: 2 }, { n: 4 }]);
  expect(sink.dropped).toBe(2);
});

it('a file that cannot be written is told and counted, and a callback that throws changes nothing', async () => {
  const told: number[] = [];
  const sink = new FileSink(folder, {
    onError: (_error, lines) => {
      told.push(lines);
      throw new Error('callback');
    },
  });
  sink.emit({ n: 1 });
  sink.emit({ n: 2 });
  await sink.close();
  expect(told).toEqual([2]);
  expect(sink.failed).toBe(2);
});

it('an event that JSON cannot hold loses its data only', async () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  const sink = new FileSink(path);
  sink.emit({ type: 'custom', data: circle });
  await sink.close();
  expect(await linesOf(path)).toEqual([{ type: 'custom', data: '[not encodable]' }]);
});
