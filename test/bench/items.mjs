// @ts-check
/* What an item of a stage costs, whether a hundred thousand cost more each, and what they hold while they are worked on. */
import { compare, overProcesses } from './measure.mjs';
import { CountingSink } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const CONCURRENCY = 64;
const MANY = 100_000;
const FEW = 1_000;
/** Of an item among many, in units of one among few, without what keeping its output and key costs, which grows by itself. */
const LINEAR = 1.2;
/** What is held at 100,000 items more than at 1,000, besides outputs and keys: bytes per item. */
const HELD = 1;

const FEW_ITEMS = `${MANY / FEW} runs with ${FEW.toLocaleString('en')} items`;
const MANY_ITEMS = `one run with ${MANY.toLocaleString('en')} items`;

const KEPT_FEW = `outputs and keys alone, ${FEW_ITEMS}`;
const KEPT_MANY = `outputs and keys alone, ${MANY_ITEMS}`;

const OUTPUT = Object.freeze({ x: 1 });

/** In a process of its own. @param {{ core: string, what: string, count: number, quick: boolean }} options */
export async function measure({ core, what, count, quick }) {
  const stageflow = await import(core);
  return what === 'held' ? held(stageflow, count) : times(stageflow, quick);
}

/** @param {any} stageflow @param {boolean} quick */
async function times({ Pipeline }, quick) {
  /** @param {any} source @param {object} options @param {object[]} sinks */
  const runOf = (source, options = {}, sinks = []) => {
    const work = new Pipeline('items')
      .withStage('list', () => OUTPUT)
      .forEach('work', 'list', source, {
        key: (/** @type {number} */ item) => item,
        concurrency: CONCURRENCY,
        each: async () => OUTPUT,
        ...options,
      });
    const built = work.build({ sinks });
    return () => built.run();
  };
  const few = numbers(FEW);
  const many = numbers(MANY);
  const repeated = (/** @type {() => Promise<unknown>} */ run) => async () => {
    for (let time = 0; time < MANY / FEW; time++) await run();
  };
  const settings = { rounds: quick ? 5 : 11, batchMs: 1, warmupMs: quick ? 200 : 600, stages: MANY };
  const variants = [
    { label: FEW_ITEMS, run: repeated(runOf(() => few)) },
    { label: MANY_ITEMS, run: runOf(() => many) },
    { label: 'the same from an async generator', run: runOf(() => stream(MANY)) },
    {
      label: 'with a limit and a retry for each item',
      run: runOf(() => many, { timeoutMs: 60_000, retry: { attempts: 2 } }),
    },
    { label: 'with events', run: runOf(() => many, {}, [new CountingSink()]) },
    { label: 'a pool of promises written by hand', run: () => pool(many) },
    { label: KEPT_FEW, run: repeated(async () => kept(FEW)) },
    { label: KEPT_MANY, run: () => kept(MANY) },
  ];
  return compare(variants, settings);
}

/** @param {number} count */
function numbers(count) {
  return Array.from({ length: count }, (_, index) => index);
}

/** @param {number} count */
async function* stream(count) {
  for (let item = 0; item < count; item++) yield item;
}

/** @param {readonly number[]} items */
async function pool(items) {
  const outputs = new Array(items.length);
  let next = 0;
  const work = async (/** @type {number} */ _item) => OUTPUT;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      outputs[index] = await work(items[index]);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return outputs;
}

/** The most that is alive at any of ten moments of a run, without the outputs and the keys. @param {any} stageflow @param {number} count */
async function held({ Pipeline }, count) {
  let before = 0;
  let most = Number.NEGATIVE_INFINITY;
  const step = Math.floor(count / 10);
  const built = new Pipeline('items')
    .withStage('list', () => OUTPUT)
    .forEach('work', 'list', () => stream(count), {
      key: (/** @type {number} */ item) => `item ${item}`,
      concurrency: CONCURRENCY,
      each: async (/** @type {unknown} */ _ctx, /** @type {number} */ item) => {
        if (item % step === step - 1) most = Math.max(most, heap() - before - results(item + 1));
        return OUTPUT;
      },
    })
    .build();
  await built.run(); // what is made once is there
  await new Promise((resolve) => setImmediate(resolve)); // and what the run has held is let go of
  most = Number.NEGATIVE_INFINITY;
  before = heap();
  await built.run();
  return { bytes: most };
}

/** The outputs and keys of so many items, by themselves. @param {number} count */
function kept(count) {
  /** @type {object[]} */
  const outputs = [];
  const keys = new Set();
  for (let item = 0; item < count; item++) {
    keys.add(`item ${item}`);
    outputs[item] = OUTPUT;
  }
  return { outputs, keys };
}

/** What they take. @param {number} count */
function results(count) {
  const before = heap();
  const { outputs, keys } = kept(count);
  const after = heap();
  return outputs.length === keys.size ? after - before : 0;
}

function heap() {
  for (let count = 0; count < 2; count++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function items({ core, quick, processes }) {
  /** @type {import('./measure.mjs').Measured[][]} */
  const runs = [];
  for (let count = 0; count < processes; count++) {
    runs.push(await inChild('items.mjs', { core, quick, what: 'times' }));
  }
  const few = await inChild('items.mjs', { core, quick, what: 'held', count: FEW }, ['--expose-gc']);
  const many = await inChild('items.mjs', { core, quick, what: 'held', count: MANY }, ['--expose-gc']);
  return { times: overProcesses(runs), few: few.bytes, many: many.bytes };
}

/** @param {Awaited<ReturnType<typeof items>>} figures */
export function itemsTable({ times: measured, few, many }) {
  const rows = measured.map(({ label, ratio, ratios, ns }) => [
    label,
    digits(ratio),
    ratios.map(digits).join(' '),
    ns.toFixed(0),
  ]);
  const ratioOf = (/** @type {string} */ wanted) => measured.find(({ label }) => label === wanted)?.ratio ?? 0;
  const linear = (ratioOf(MANY_ITEMS) - ratioOf(KEPT_MANY)) / (1 - ratioOf(KEPT_FEW));
  const perItem = (many - few) / (MANY - FEW);
  const held = [
    [`with ${FEW.toLocaleString('en')} items`, kilobytes(few), '', ''],
    [`with ${MANY.toLocaleString('en')} items`, kilobytes(many), '', ''],
    ['more, in bytes per item', digits(perItem), atMost(HELD), verdict(perItem, HELD)],
  ];
  const unit = `in units of ${FEW_ITEMS}`;
  const net = [`${MANY_ITEMS}, without outputs and keys`, digits(linear), atMost(LINEAR), verdict(linear, LINEAR)];
  return [
    table(`Items, ${CONCURRENCY} at once`, [unit, 'ratio', 'processes', 'ns/item'], rows),
    table('Linear', ['an item of', 'ratio', 'target', ''], [net]),
    table('Held while items are worked on', ['besides their outputs and keys, at most', 'kB', 'target', ''], held),
  ].join('\n');
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return (bytes / 1_024).toFixed(0);
}
