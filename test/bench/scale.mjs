// @ts-check
/* A hundred thousand stages with limits and a sink, then with the default stack: still linear, and the process stays responsive. */
import { performance } from 'node:perf_hooks';
import { bareDag } from './bare.mjs';
import { defaultStackOf, quiet } from './default-stack.mjs';
import { chain, fan, layered } from './graphs.mjs';
import { median } from './measure.mjs';
import { CountingSink, pipelineOf, runOf } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const SMALL = 1_000;
const LARGE = 100_000;
const TARGETS = { ratio: 0.4, growth: 4, blockMs: 50 };

/** @type {Record<string, (size: number) => import('./graphs.mjs').GraphShape>} */
const SHAPES = { chain, fan, layered: (size) => layered(size, size / 20, size * 5) };

/** In a process of its own. @param {{ module: string, shape: string, stack: boolean, quick: boolean }} options */
export async function measure({ module, shape, stack, quick }) {
  const stageflow = await import(module);
  const options = { limits: true, interceptors: stack ? defaultStackOf(stageflow) : [] };
  const parts = { sinks: [new CountingSink()], logger: quiet };
  const make = /** @type {(size: number) => import('./graphs.mjs').GraphShape} */ (SHAPES[shape]);
  const large = make(LARGE);
  const bare = bareDag(large);
  const declared = performance.now();
  const pipeline = pipelineOf(stageflow, large, options);
  const built = performance.now();
  const runnable = pipeline.build(parts);
  const ready = performance.now();
  const runLarge = runOf(runnable, { limits: true });
  const small = pipelineOf(stageflow, make(SMALL), options).build(parts);
  const runSmall = runOf(small, { limits: true });

  const firstMs = await timed(runLarge, 1);
  for (let count = 0; count < 200; count++) await runSmall();
  await bare();
  const rounds = [];
  for (let round = 0; round < (quick ? 5 : 11); round++) {
    const bareMs = await timed(bare, 1);
    const largeMs = await timed(runLarge, 1);
    const smallMs = (await timed(runSmall, LARGE / SMALL)) / (LARGE / SMALL);
    rounds.push({ bareMs, largeMs, smallMs });
  }
  const blocks = [];
  for (let count = 0; count < (quick ? 3 : 7); count++) blocks.push(await longestBlock(runLarge));
  return {
    declareMs: built - declared,
    buildMs: ready - built,
    firstMs,
    bareMs: median(rounds.map(({ bareMs }) => bareMs)),
    runMs: median(rounds.map(({ largeMs }) => largeMs)),
    ratio: median(rounds.map(({ bareMs, largeMs }) => largeMs / bareMs)),
    growth: median(rounds.map(({ largeMs, smallMs }) => largeMs / LARGE / (smallMs / SMALL))),
    blockMs: median(blocks),
    worstBlockMs: Math.max(...blocks),
  };
}

/** @param {() => Promise<unknown>} run @param {number} times @returns {Promise<number>} ms */
async function timed(run, times) {
  const start = performance.now();
  for (let count = 0; count < times; count++) await run();
  return performance.now() - start;
}

/** The longest time during one run in which nothing else got a turn. @param {() => Promise<unknown>} run */
async function longestBlock(run) {
  await new Promise((resolve) => setImmediate(resolve));
  let longest = 0;
  let last = performance.now();
  let over = false;
  const probe = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!over) setImmediate(probe);
  };
  setImmediate(probe);
  await run();
  over = true;
  return Math.max(longest, performance.now() - last);
}

/** @param {{ core: string, index: string, quick: boolean }} options */
export async function scale({ core, index, quick }) {
  const figures = [];
  for (const shape of quick ? ['chain'] : Object.keys(SHAPES)) {
    for (const stack of [false, true]) {
      const measured = await inChild('scale.mjs', { module: stack ? index : core, shape, stack, quick });
      figures.push({ shape: stack ? `${shape}, default stack` : shape, ...measured });
    }
  }
  return figures;
}

/** @param {Awaited<ReturnType<typeof scale>>} figures */
export function scaleTable(figures) {
  const rows = figures.flatMap((figure) => [
    row(figure, 'run, in units of the bare promise DAG', figure.ratio, '', TARGETS.ratio),
    row(figure, 'per stage, in units of its figure at 1,000', figure.growth, '', TARGETS.growth),
    row(figure, 'longest block of the event loop (median of runs)', figure.blockMs, ' ms', TARGETS.blockMs),
    row(figure, 'longest block of the event loop (worst run)', figure.worstBlockMs, ' ms', TARGETS.blockMs),
    row(figure, 'run', figure.runMs, ' ms'),
    row(figure, 'first run in the process', figure.firstMs, ' ms'),
    row(figure, 'declaring the stages', figure.declareMs, ' ms'),
    row(figure, 'build()', figure.buildMs, ' ms'),
  ]);
  return table('Scale: 100,000 stages, timeout + signal + limit 64 + sink', ['', 'measured', 'target', ''], rows);
}

/** @param {{ shape: string }} figure @param {string} what @param {number} value @param {string} unit @param {number} [target] */
function row({ shape }, what, value, unit, target) {
  return [`${shape}: ${what}`, digits(value) + unit, atMost(target, unit), verdict(value, target)];
}
