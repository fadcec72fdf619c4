/* Processes that are killed at any moment: whatever they had begun ends as if they had not been. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomNumbers } from '../../src/testing/random.js';
import { Lives } from './fixtures/lives.js';

const KILLS = 150;
let worker: Lives;
beforeAll(async () => {
  worker = await Lives.of('crash-worker.ts');
}, 60_000);
afterAll(() => worker.remove());

/** What the lives of one folder have said, checked as it is read. */
async function readLog(path: string) {
  const [begun, finished, kept] = [new Set<string>(), new Set<string>(), new Map<string, string>()];
  for (const line of (await readFile(join(path, 'log'), 'utf8')).trim().split('\n')) {
    const [what, run = '', ...rest] = line.split(' ');
    const stage = `${run} ${rest[0]}`;
    if (what === 'finished') finished.add(stage);
    else if (what === 'kept') kept.set(run, rest.join(' '));
    else {
      expect(finished, line).not.toContain(stage);
      begun.add(run);
    }
  }
  return { begun, kept };
}

const WHOLE =
  'completed {"read":{"items":["tea","bread","salt"]},"price":{"total":21},"check":{"fine":true},"charge":{"charged":21},' +
  '"mail":{"mailed":21},"archive":{"text":"21 for tea+bread+salt"}}';

describe.concurrent('Runs whose process is killed', () => {
  it.each(['sqlite', 'files'])(
    'end as if it had not been, and nothing is done twice (%s)',
    { timeout: 300_000 },
    async (store) => {
      const path = join(worker.folder, store);
      await mkdir(path);
      const random = randomNumbers(store.length);
      for (let kills = 0; kills < KILLS; ) {
        const { signal, code, said } = await worker.live([store, path, `${1 + random(3)}`, `${1 + random(1_100)}`]);
        expect({ code: signal === 'SIGKILL' ? 0 : code, said }).toEqual({ code: 0, said: '' });
        if (signal === 'SIGKILL') kills++;
      }
      expect(await worker.live([store, path, '0', '0'])).toEqual({ signal: null, code: 0, said: '' });
      const { begun, kept } = await readLog(path);
      expect(begun.size).toBeGreaterThan(KILLS);
      const effects = (await readFile(join(path, 'effects'), 'utf8')).trim().split('\n');
      expect(new Set(effects).size).toBe(effects.length);
      expect(effects).toHaveLength(2 * begun.size);
      expect(new Set(kept.values())).toEqual(new Set([WHOLE]));
      expect(kept.size).toBe(begun.size);
    },
  );
});
