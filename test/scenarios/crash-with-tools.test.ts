/* Processes that are killed while tools change the world and people approve: nothing is done twice, and no decision is lost. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomNumbers } from '../../src/testing/random.js';
import { Lives } from './fixtures/lives.js';

const KILLS = 100;
const RUNS = 200;
let worker: Lives;

beforeAll(async () => {
  worker = await Lives.of('crash-tools-worker.ts');
}, 60_000);
afterAll(() => worker.remove());

const linesOf = async (path: string, name: string) => (await readFile(join(path, name), 'utf8')).trim().split('\n');

interface Told {
  /** What each tool of a run came to. */
  readonly kept: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly approved: readonly string[];
  readonly requests: readonly { id: string; runId: string; round: string; status: string; use: string }[];
}

async function readLog(path: string): Promise<Told> {
  const kept = new Map<string, Record<string, string>>();
  const approved: string[] = [];
  const requests: { id: string; runId: string; round: string; status: string; use: string }[] = [];
  for (const line of await linesOf(path, 'log')) {
    const [what, first = '', ...rest] = line.split(' ');
    if (what === 'approved') approved.push(first);
    else if (what === 'request') {
      const [runId = '', round = '', status = '', use = ''] = rest;
      requests.push({ id: first, runId, round, status, use });
    } else {
      expect(rest[0], line).toBe('completed');
      kept.set(first, JSON.parse(rest.slice(1).join(' ')));
    }
  }
  return { kept, approved, requests };
}

describe('Runs with tools and approvals whose process is killed', () => {
  it('do each effect once or say that it is unknown, and lose and repeat no approval', {
    timeout: 300_000,
  }, async () => {
    const path = join(worker.folder, 'runs');
    await mkdir(path);
    const random = randomNumbers(7);
    for (let [kills, begun] = [0, 0]; kills < KILLS || begun < RUNS; ) {
      const begin = 1 + random(3);
      const approver = random(5) === 0 ? 'no' : 'yes';
      const { signal, code, said } = await worker.live([path, `${begin}`, `${1 + random(999)}`, approver]);
      expect({ code: signal === 'SIGKILL' ? 0 : code, said }).toEqual({ code: 0, said: '' });
      if (signal === 'SIGKILL') kills++;
      begun += begin;
    }
    expect(await worker.live([path, '0', '0', 'yes'])).toEqual({ signal: null, code: 0, said: '' });
    const { kept, approved, requests } = await readLog(path);
    const effects = await linesOf(path, 'effects');
    // One whose beginning was not written down before its process died never was.
    expect(kept.size).toBeGreaterThan(RUNS / 2);
    for (const [runId, { reserve, pay, print }] of kept) {
      const count = (tool: string) => effects.filter((line) => line.startsWith(`${tool} ${runId}`)).length;
      expect(['done', 'TOOL_OUTCOME_UNKNOWN']).toContain(reserve);
      expect(['done', 'TOOL_OUTCOME_UNKNOWN']).toContain(pay);
      expect(print).toBe('done');
      expect(count('reserve')).toBeLessThanOrEqual(1);
      expect(count('pay')).toBeLessThanOrEqual(1);
      if (reserve === 'done') expect(count('reserve')).toBe(1);
      if (pay === 'done') expect(count('pay')).toBe(1);
      expect(count('print')).toBe(1);
    }
    // Nobody was asked twice about one call, and every yes was used.
    expect(requests.map(({ runId }) => runId).sort()).toEqual([...kept.keys()].sort());
    expect(new Set(requests.map(({ round, status, use }) => `${round} ${status} ${use}`))).toEqual(
      new Set(['1 approved used']),
    );
    expect(new Set(approved).size).toBe(approved.length);
  });
});
