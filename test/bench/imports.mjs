// @ts-check
/* What importing costs a process that has imported nothing else. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { median } from './measure.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

/** @param {{ core: string, index: string, quick: boolean }} options */
export async function imports({ core, index, quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'stageflow-bench-'));
  try {
    const entries = [
      { entry: 'stageflow/core', script: script(folder, 'core', core), target: 10 },
      { entry: 'stageflow', script: script(folder, 'index', index), target: 60 },
    ];
    const empty = script(folder, 'empty', null);
    for (const { script: warm } of entries) launch(warm);
    const rounds = Array.from({ length: quick ? 7 : 41 }, () => {
      const emptyMs = launch(empty);
      return entries.map(({ script: path }) => launch(path) - emptyMs);
    });
    return entries.map(({ entry, target }, place) => {
      const costs = rounds.map((round) => /** @type {number} */ (round[place]));
      return { entry, target, ms: median(costs), leastMs: Math.min(...costs), mostMs: Math.max(...costs) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} folder @param {string} name @param {string | null} entry */
function script(folder, name, entry) {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, entry === null ? '' : `import ${JSON.stringify(entry)};\n`);
  return path;
}

/** @param {string} path @returns {number} ms from start to exit of a process */
function launch(path) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [path], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - start;
}

/** @param {Awaited<ReturnType<typeof imports>>} figures */
export function importsTable(figures) {
  const rows = figures.map(({ entry, ms, leastMs, mostMs, target }) => [
    entry,
    `${digits(ms)} ms`,
    `${digits(leastMs)}-${digits(mostMs)}`,
    atMost(target, ' ms'),
    verdict(ms, target),
  ]);
  return table('Import, over an empty script', ['entry', 'median', 'range', 'target', ''], rows);
}
