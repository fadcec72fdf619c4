// @ts-check
/* What a run allocates, what its result keeps, whether anything stays behind. */
import { getHeapStatistics } from 'node:v8';
import { bareDag } from './bare.mjs';
import { chain, fan } from './graphs.mjs';
import { CountingSink, pipelineOf, runOf } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const STAGES = 100;
/** Less than the smallest object per run: a run that leaves anything behind is found. */
const GROWTH_BYTES_PER_RUN = 12;
const TARGETS = { allocated: 1_024, retained: 400, growth: GROWTH_BYTES_PER_RUN };

const used = () => getHeapStatistics().used_heap_size;

function settledHeap() {
  for (let count = 0; count < 3; count++) globalThis.gc?.();
  return used();
}

/** In a process of its own. @param {{ core: string, what: string, quick: boolean }} options */
export async function measure({ core, what, quick }) {
  const stageflow = await import(core);
  if (what === 'allocated') return allocated(stageflow);
  if (what === 'retained') return retained(stageflow);
  if (what === 'growth') return growth(stageflow, quick ? 5_000 : 20_000);
  if (what === 'compiled') return compiled(stageflow);
  return inFlight(stageflow);
}

/** The nursery of this process is so large that nothing is collected while we look. @param {any} stageflow */
async function allocated(stageflow) {
  const graph = chain(STAGES);
  const plain = pipelineOf(stageflow, graph).build({ sinks: [new CountingSink()] });
  const limited = pipelineOf(stageflow, graph, { limits: true }).build({ sinks: [new CountingSink()] });
  return {
    bare: await bytesPerStage(bareDag(graph)),
    engine: await bytesPerStage(runOf(plain)),
    limits: await bytesPerStage(runOf(limited, { limits: true })),
  };
}

/** @param {() => Promise<unknown>} run */
async function bytesPerStage(run) {
  for (let count = 0; count < 20_000; count++) await run();
  const windows = [];
  for (let window = 0; window < 5; window++) {
    globalThis.gc?.();
    for (let count = 0; count < 200; count++) await run();
    const before = used();
    for (let count = 0; count < 200; count++) await run();
    windows.push((used() - before) / 200 / STAGES);
  }
  return windows.sort((a, b) => a - b)[2];
}

/** @param {any} stageflow */
async function retained(stageflow) {
  const runnable = pipelineOf(stageflow, chain(STAGES), { limits: true }).build({ sinks: [new CountingSink()] });
  const run = runOf(runnable, { limits: true });
  for (let count = 0; count < 2_000; count++) await run();
  const kept = new Array(500).fill(null);
  const before = settledHeap();
  for (let index = 0; index < kept.length; index++) kept[index] = await run();
  const bytes = (settledHeap() - before) / kept.length / STAGES;
  return { bytes, kept: kept.length };
}

/** @param {any} stageflow @param {number} runs */
async function growth(stageflow, runs) {
  const runnable = pipelineOf(stageflow, chain(10), { limits: true }).build({ sinks: [new CountingSink()] });
  const run = runOf(runnable, { limits: true });
  for (let count = 0; count < runs / 2; count++) await run();
  const before = settledHeap();
  for (let count = 0; count < runs; count++) await run();
  const bytes = settledHeap() - before;
  return { runs, bytes, perRun: bytes / runs };
}

/** @param {any} stageflow */
async function compiled(stageflow) {
  const shape = chain(1_000);
  const make = async () => {
    const runnable = pipelineOf(stageflow, shape).build();
    await runnable.run();
    return runnable;
  };
  await make();
  const kept = new Array(20).fill(null);
  const before = settledHeap();
  for (let index = 0; index < kept.length; index++) kept[index] = await make();
  return { bytes: (settledHeap() - before) / kept.length / 1_000, kept: kept.length };
}

/** Every stage of a wide graph waits for one promise. @param {any} stageflow */
async function inFlight(stageflow) {
  const size = 20_000;
  let open = () => {};
  const gate = new Promise((resolve) => {
    open = () => resolve({});
  });
  const stage = (/** @type {number} */ index) => (index === 0 ? async () => ({}) : async () => gate);
  const runnable = pipelineOf(stageflow, fan(size), { stage }).build({ sinks: [new CountingSink()] });
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = settledHeap();
  const pending = runnable.run();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const bytes = (settledHeap() - before) / size;
  open();
  await pending;
  return { bytes };
}

/** @param {{ core: string, quick: boolean }} options */
export async function memory({ core, quick }) {
  const ask = (/** @type {string} */ what, /** @type {string[]} */ flags = []) =>
    inChild('memory.mjs', { core, what, quick }, ['--expose-gc', ...flags]);
  return {
    allocated: await ask('allocated', ['--min-semi-space-size=256', '--max-semi-space-size=256']),
    retained: await ask('retained'),
    growth: await ask('growth'),
    compiled: await ask('compiled'),
    inFlight: await ask('in flight'),
  };
}

/** @param {Awaited<ReturnType<typeof memory>>} figures */
export function memoryTable({ allocated, retained, growth, compiled, inFlight }) {
  const rows = [
    row('allocated per stage per run, bare promise DAG', allocated.bare),
    row('allocated per stage per run, events to a sink', allocated.engine, TARGETS.allocated),
    row('allocated per stage per run, + timeout, signal, limit 64', allocated.limits, TARGETS.allocated),
    row('retained per stage by a kept result', retained.bytes, TARGETS.retained),
    row(`left behind per run, over ${growth.runs.toLocaleString('en')} runs`, growth.perRun, TARGETS.growth),
    row('a built pipeline, per stage', compiled.bytes),
    row('in flight, per waiting stage of a wide graph (its own promise included)', inFlight.bytes),
  ];
  return table('Memory', ['', 'measured', 'target', ''], rows);
}

/** @param {string} what @param {number} bytes @param {number} [target] */
function row(what, bytes, target) {
  return [what, `${digits(bytes)} B`, atMost(target, ' B'), verdict(bytes, target)];
}
