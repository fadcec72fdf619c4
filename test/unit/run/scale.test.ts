import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock/index.js';
import { Engine } from '../../../src/run/index.js';
import { bind, type HandStage } from './hand-bound.js';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const chain = (length: number, run: HandStage['run']): HandStage[] =>
  Array.from({ length }, (_, i) => ({
    name: `s${i}`,
    dependsOn: i === 0 ? [] : [`s${i - 1}`],
    ...(run ? { run } : {}),
  }));

const counting: HandStage['run'] = (ctx) => {
  const before = ctx.stage.dependsOn[0];
  return { n: before === undefined ? 1 : ctx.inputs.from(before.stage, 'n') + 1 };
};

describe('a chain', () => {
  it.each([
    [1_000, 'sync'],
    [4_000, 'sync'],
    [100_000, 'sync'],
    [1_000, 'async'],
    [4_000, 'async'],
    [100_000, 'async'],
  ])('of %i %s stages completes, without growing the stack (154)', { timeout: 60_000 }, async (length, mode) => {
    const run =
      mode === 'sync' ? counting : async (ctx: Parameters<NonNullable<typeof counting>>[0]) => counting?.(ctx);
    const { result } = new Engine().start(bind(chain(length, run)));
    const outcome = await result;
    expect(outcome.status).toBe('completed');
    expect(outcome.results.of(`s${length - 1}`)).toEqual({ n: length });
  });

  it('of 100,000 stages behind a failure, or not selected, is dealt with as well', { timeout: 60_000 }, async () => {
    for (const first of [{ run: () => Promise.reject(new Error('no')) }, { when: () => false }]) {
      const [head, ...rest] = chain(100_000, undefined);
      const stages = [{ ...head, name: 's0', ...first }, ...rest];
      const outcome = await new Engine().start(bind(stages, { failurePolicy: 'continue' })).result;
      expect(outcome.results.stage('s99999').status).toBe('skip');
    }
  });
});

describe('a fan', () => {
  it('of 2,000 stages and a join hands on every output (153)', async () => {
    const fan = Array.from({ length: 2_000 }, (_, i) => ({
      name: `s${i}`,
      dependsOn: ['root'],
      run: async () => ({ i }),
    }));
    const join: HandStage = {
      name: 'join',
      dependsOn: fan.map(({ name }) => name),
      run: (ctx) => ({ sum: fan.reduce((sum, { name }) => sum + ctx.inputs.from(name, 'i'), 0) }),
    };
    for (const maxConcurrency of [1, 64, 5_000]) {
      const bound = bind([{ name: 'root' }, ...fan, join], { maxConcurrency });
      const { results } = await new Engine().start(bound).result;
      expect(results.of('join')).toEqual({ sum: 1_999_000 });
    }
  });
});

it('20,000 stages that never wait let the event loop turn in between', async () => {
  let turns = 0;
  let ended = false;
  const count = (): void => {
    turns++;
    if (!ended) setImmediate(count);
  };
  setImmediate(count);
  const busy = (): void => {
    const until = systemClock.now() + 0.01;
    while (systemClock.now() < until);
  };
  const { result } = new Engine().start(bind(chain(20_000, busy)));
  const timerFired = new Promise<boolean>((resolve) => setTimeout(() => resolve(!ended), 1));
  await result;
  ended = true;
  expect(await timerFired).toBe(true);
  expect(turns).toBeGreaterThan(3);
});

it('a 100 MB input is handed to every stage as it is, never copied (155)', async () => {
  const input = { body: Buffer.alloc(100 * 1024 * 1024, 'x') };
  const before = process.memoryUsage().arrayBuffers;
  const seen: unknown[] = [];
  const pass: HandStage['run'] = (ctx) => {
    seen.push((ctx.snapshot.input as typeof input).body);
    return { body: (ctx.snapshot.input as typeof input).body };
  };
  const { results } = await new Engine().start(bind(chain(50, pass)), { input }).result;
  expect(seen.every((body) => body === input.body)).toBe(true);
  expect((results.of('s49') as typeof input).body).toBe(input.body);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
}, 30_000);

it('20,000 runs of one graph leave the heap flat (156)', async () => {
  const script = fileURLToPath(new URL('fixtures/heap-after-runs.ts', import.meta.url));
  const { stdout } = await execute(
    process.execPath,
    ['--expose-gc', '--conditions=stageflow-source', '--import', '@oxc-node/core/register', script],
    { cwd: ROOT },
  );
  const { perRun }: { perRun: number[] } = JSON.parse(stdout);
  expect(Math.min(...perRun), `bytes per run, by window: ${perRun.join(', ')}`).toBeLessThan(50);
}, 60_000);
