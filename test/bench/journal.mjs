// @ts-check
/* What it costs to write a run down: time added to each stage, and how many stages a second that makes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, overProcesses } from './measure.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const STAGES = 100;
const AT_ONCE = 20;
const TARGET_US = 30;
const TARGET_PER_SECOND = 20_000;

/** In a process of its own. @param {{ core: string, quick: boolean }} options */
export async function measure({ core, quick }) {
  const { Pipeline } = await import(core);
  const { FileJournalStore, Journal, MemoryJournalStore, SqlJournalStore } = await import(
    new URL('journal.js', core).href
  );
  const { openSqlite } = await import(new URL('sqlite.js', core).href);
  const folder = mkdtempSync(join(tmpdir(), 'stageflow-bench-journal-'));
  const stores = {
    memory: () => new MemoryJournalStore(),
    'a SQLite file': () => new SqlJournalStore(openSqlite(join(folder, 'runs.db'))),
    'a folder of files': () => new FileJournalStore(join(folder, 'runs')),
  };
  const variants = [{ label: 'nothing written', run: runsOf(build(Pipeline, null)) }];
  for (const [label, make] of Object.entries(stores)) {
    variants.push({ label, run: runsOf(build(Pipeline, new Journal({ store: make() }))) });
  }
  try {
    return await compare(variants, {
      rounds: quick ? 9 : 25,
      batchMs: quick ? 20 : 60,
      warmupMs: quick ? 300 : 600,
      stages: STAGES * AT_ONCE,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ten chains of ten. @param {any} Pipeline @param {object | null} journal */
function build(Pipeline, journal) {
  let pipeline = new Pipeline('p');
  for (let index = 0; index < STAGES; index++) {
    const dependsOn = index === 0 ? [] : [index % 10 === 0 ? 's0' : `s${index - 1}`];
    pipeline = pipeline.withStage(`s${index}`, async () => ({ x: index, text: 'what a stage hands on' }), {
      dependsOn,
    });
  }
  return pipeline.build(journal === null ? {} : { journal });
}

/** @param {{ run(): Promise<unknown> }} pipeline */
function runsOf(pipeline) {
  return async () => {
    await Promise.all(Array.from({ length: AT_ONCE }, () => pipeline.run()));
  };
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function journal({ core, quick, processes }) {
  /** @type {import('./measure.mjs').Measured[][]} */
  const runs = [];
  for (let count = 0; count < processes; count++) runs.push(await inChild('journal.mjs', { core, quick }));
  return overProcesses(runs);
}

/** @param {Awaited<ReturnType<typeof journal>>} figures */
export function journalTable(figures) {
  const bare = figures[0]?.ns ?? 0;
  const rows = figures.slice(1).map(({ label, ns }) => {
    const [added, perSecond] = [(ns - bare) / 1_000, 1e9 / ns];
    const targets = [atMost(TARGET_US), `>= ${TARGET_PER_SECOND}`];
    const isMet = added <= TARGET_US && perSecond >= TARGET_PER_SECOND;
    return [label, digits(added), perSecond.toFixed(0), ...targets, verdict(isMet ? 0 : 1, 0)];
  });
  return table('Journal', ['runs written to', 'us/stage added', 'stages/s', 'added', 'stages/s', ''], rows);
}
