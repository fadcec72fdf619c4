import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { paletteFor } from '../../src/cli/output/palette.js';
import { ganttText } from '../../src/cli/runs/gantt-text.js';
import { timelineOf } from '../../src/cli/runs/timeline.js';
import type { JournalEntry, StoredRun } from '../../src/journal/index.js';
import { cli, jsonOf } from './cli-in-process.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-runs-'));
  process.env.CLI_TEST_FOLDER = folder;
  await cli(['run', 'crawl.ts', '--text', 'Ada', '--run-id', 'good', '-q']);
  await cli(['run', 'slow.ts#failing', '--run-id', 'bad', '-q']);
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('stageflow runs', () => {
  it('lists runs, all or some', async () => {
    const { code, stdout } = await cli(['runs', 'list']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^RUN {3}PIPELINE {2}STATUS/);
    expect(stdout).toMatch(/^good {2}crawl +completed/m);
    expect(stdout).toMatch(/^bad {3}failing +failed/m);
    const ids = async (...args: string[]) =>
      jsonOf(await cli(['runs', 'list', '--json', ...args])).runs.map(({ runId }: { runId: string }) => runId);
    expect(await ids('--status', 'failed')).toEqual(['bad']);
    expect(await ids('--pipeline', 'crawl')).toEqual(['good']);
    expect(await ids('--tenant', 'nobody')).toEqual([]);
    expect(await ids('--limit', '1')).toHaveLength(1);
  });

  it('shows what happened in a run, and when', async () => {
    const { code, stdout } = await cli(['runs', 'show', 'bad']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^failing failed in .*, run bad, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\n/);
    expect(stdout).toMatch(/^read {3}ok {6}\| *=+ *\| +\+\d+ ms {2}\d+ ms$/m);
    expect(stdout).toMatch(/^break {2}fail/m);
    expect(stdout).toContain('break: the disk is full');
  });

  it('tells programs the same, and what stages handed on only if that is asked for', async () => {
    const shown = jsonOf(await cli(['runs', 'show', 'good', '--json']));
    expect(shown).toMatchObject({
      runId: 'good',
      status: 'completed',
      timeline: [{ name: 'Fetch' }, { name: 'Parse' }],
    });
    expect(shown).not.toHaveProperty('outputs');
    expect(jsonOf(await cli(['runs', 'show', 'good', '--json', '--outputs'])).outputs.Parse).toEqual({ title: 'Ada' });
  });

  it('ends with 4 if there is no such run, and with 2 if there is no journal', async () => {
    const missing = await cli(['runs', 'show', 'nothing', '--json']);
    expect([missing.code, jsonOf(missing).error.code]).toEqual([4, 'JOURNAL_RUN_MISSING']);
    const unknown = await cli(['runs', 'list', '--no-config', '--json']);
    expect([unknown.code, jsonOf(unknown).error.code]).toEqual([2, 'CLI_CONFIG_INVALID']);
  });
});

describe('stageflow replay', () => {
  it('runs a recorded run again, and finds that it comes to the same', async () => {
    const { code, stdout } = await cli(['replay', 'crawl.ts', 'good', '-q']);
    expect([code, stdout]).toEqual([0, 'No divergence: 2 stages came to the same.\n']);
  });

  it('ends with 1 where the code of now comes to something else, and says where', async () => {
    const changed = ['replay', 'crawl-changed.ts', 'good', '-q'];
    const { code, stdout } = await cli(changed);
    expect(code).toBe(1);
    expect(stdout).toBe(
      [
        'First divergence: Parse was ok, and is ok.',
        '  at $.title',
        '  - "Ada"',
        '  + "ADA"',
        '1 stage came to the same.',
        '',
      ].join('\n'),
    );
    expect(jsonOf(await cli([...changed, '--json']))).toMatchObject({
      ok: false,
      same: 1,
      divergence: { stage: 'Parse' },
    });
  });
});

describe('stageflow resume', () => {
  it('refuses a run that has ended with 4', async () => {
    const { code, stdout, stderr } = await cli(['resume', 'crawl.ts', 'good', '--json']);
    expect([code, JSON.parse(stdout).error.code]).toEqual([4, 'RESUME_NOT_OPEN']);
    expect(stderr).toContain('it has ended as completed');
  });
});

describe('the timeline of a run', () => {
  const settled = { type: 'stage.settled', status: 'ok', attempts: 1 } as const;
  const entries: JournalEntry[] = [
    { ...settled, at: 1_100, stage: 'Fetch', round: 1, startedAt: 1_000, durationMs: 100 },
    { ...settled, at: 1_900, stage: 'Draft', round: 1, startedAt: 1_100, durationMs: 800 },
    {
      ...settled,
      at: 1_900,
      stage: 'Skipped',
      round: 1,
      status: 'skip',
      reason: 'not\u001b selected',
      startedAt: null,
      durationMs: 0,
    },
    { ...settled, at: 1_950, stage: 'Draft', round: 2, startedAt: 1_900, durationMs: 50 },
    { type: 'tool.started', at: 1_200, key: 'Draft/pay/#0', tool: 'pay', digest: '' },
    { type: 'tool.finished', at: 1_400, key: 'Draft/pay/#0', ok: false },
    { type: 'stage.started', at: 1_950, stage: 'Send', round: 2 },
    { type: 'run.resumed', at: 2_000, planHash: '' },
  ];
  const run = { runId: 'r', pipeline: 'p', key: { tenant: 't', runId: 'r' }, startedAt: 1_000, end: null, entries };

  it('is a bar per stage, round and tool call, with what is open up to what is known', () => {
    const palette = paletteFor({}, {});
    expect(ganttText(run as unknown as StoredRun, 80, palette)).toMatchInlineSnapshot(`
      "p open in 1.00 s, run r, tenant t, 1970-01-01 00:00:01 UTC
      Fetch      ok      |====                                 |      +0 ms  100 ms
      Draft      ok      |   ==============================    |    +100 ms  800 ms
        pay      fail    |       ========                      |    +200 ms  200 ms
      Draft (2)  ok      |                                 ==  |    +900 ms  50 ms
      Send (2)   open    |                                   ??|    +950 ms
      Skipped    skip    |                                     |

      Skipped: not� selected
      "
    `);
    expect(timelineOf(run as unknown as StoredRun).rows).toHaveLength(6);
  });
});
