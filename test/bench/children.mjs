// @ts-check
/* What a run costs that a stage starts with ctx.spawn, beside the same run alone. */
import { compare, overProcesses } from './measure.mjs';
import { CountingSink } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const RUNS = 100;
const TARGET = 3;

const ALONE = 'three stages, run alone';
/** @type {Record<string, number | undefined>} */
const TARGETS = {
  'started by a stage': TARGET,
  'started by a stage, with events': TARGET,
  'as a stage of a pipeline': TARGET,
};

/** In a process of its own. @param {{ core: string, quick: boolean }} options */
export async function measure({ core, quick }) {
  const { Pipeline } = await import(core);
  const work = (/** @type {number} */ n) => async () => ({ n });
  /** @param {object[]} sinks */
  const runnable = (sinks) =>
    new Pipeline('child')
      .withStage('a', work(1))
      .withStage('b', work(2), { dependsOn: ['a'] })
      .withStage('c', work(3), { dependsOn: ['b'] })
      .build({ sinks });
  const child = runnable([]);
  const watched = runnable([new CountingSink()]);
  const spawning = new Pipeline('parent').withStage('starts', async (/** @type {any} */ ctx) => {
    for (let run = 0; run < RUNS; run++) await ctx.spawn(child);
  });
  const alone = (/** @type {any} */ pipeline) => async () => {
    for (let run = 0; run < RUNS; run++) await pipeline.run();
  };
  const silent = spawning.build();
  const heard = spawning.build({ sinks: [new CountingSink()] });
  let chained = new Pipeline('stages');
  for (let stage = 0; stage < RUNS; stage++) chained = chained.withStage(`s${stage}`, child);
  const stages = chained.build();
  const settings = {
    rounds: quick ? 15 : 31,
    batchMs: quick ? 8 : 20,
    warmupMs: quick ? 200 : 600,
    stages: RUNS,
  };
  const without = await compare(
    [
      { label: ALONE, run: alone(child) },
      { label: 'started by a stage', run: () => silent.run() },
      { label: 'as a stage of a pipeline', run: () => stages.run({}, { maxConcurrency: 1 }) },
    ],
    settings,
  );
  const withEvents = await compare(
    [
      { label: `${ALONE}, with events`, run: alone(watched) },
      { label: 'started by a stage, with events', run: () => heard.run() },
    ],
    settings,
  );
  return [...without, ...withEvents];
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function children({ core, quick, processes }) {
  /** @type {import('./measure.mjs').Measured[][]} */
  const runs = [];
  for (let count = 0; count < processes; count++) runs.push(await inChild('children.mjs', { core, quick }));
  return overProcesses(runs).map((measured) => ({ ...measured, target: TARGETS[measured.label] }));
}

/** @param {Awaited<ReturnType<typeof children>>} figures */
export function childrenTable(figures) {
  const rows = figures.map(({ label, ratio, ratios, ns, target }) => [
    label,
    digits(ratio),
    ratios.map(digits).join(' '),
    ns.toFixed(0),
    atMost(target),
    verdict(ratio, target),
  ]);
  return table(
    'Runs that stages start',
    ['in units of the same run alone', 'ratio', 'processes', 'ns/run', 'target', ''],
    rows,
  );
}
