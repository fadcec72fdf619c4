// @ts-check
/* What the executor costs beside the bare promise DAG. */
import { bareDag } from './bare.mjs';
import { chain, fan, layered, sync } from './graphs.mjs';
import { compare, overProcesses } from './measure.mjs';
import { CountingSink, pipelineOf, runOf, sevenInterceptors } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

/** @type {Record<string, () => import('./graphs.mjs').GraphShape>} */
export const GRAPHS = {
  'chain 10': () => chain(10),
  'chain 100': () => chain(100),
  'fan 100': () => fan(100),
  'fan 1000': () => fan(1_000),
  'layered 1000/5000': () => layered(1_000, 50, 5_000),
  'chain 100 sync': () => sync(chain(100)),
};

/** @type {Record<string, { sink: boolean, limits?: boolean, interceptors?: boolean, targets: Record<string, number> }>} */
const ROWS = {
  'context, results, timing, events to a sink': {
    sink: true,
    targets: { 'chain 10': 0.85, 'chain 100': 0.5, 'fan 100': 0.5, 'fan 1000': 0.42, 'layered 1000/5000': 0.32 },
  },
  'the same without a sink': { sink: false, targets: {} },
  '+ timeout, cancellation, limit 64': { sink: true, limits: true, targets: { 'chain 100': 0.62, 'fan 100': 0.62 } },
  '+ 7 user interceptors': { sink: true, limits: true, interceptors: true, targets: {} },
};

/** In a process of its own. @param {{ core: string, graph: string, quick: boolean }} options */
export async function measure({ core, graph: name, quick }) {
  const stageflow = await import(core);
  const graph = /** @type {() => import('./graphs.mjs').GraphShape} */ (GRAPHS[name])();
  const variants = [{ label: 'bare promise DAG', run: bareDag(graph) }];
  for (const [label, { sink, limits = false, interceptors = false }] of Object.entries(ROWS)) {
    const pipeline = pipelineOf(stageflow, graph, { limits, interceptors: interceptors ? sevenInterceptors : [] });
    variants.push({ label, run: runOf(pipeline.build({ sinks: sink ? [new CountingSink()] : [] }), { limits }) });
  }
  const stages = graph.stages.length;
  return compare(variants, { rounds: quick ? 15 : 31, batchMs: quick ? 8 : 20, warmupMs: quick ? 200 : 600, stages });
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function engine({ core, quick, processes }) {
  const figures = [];
  for (const graph of Object.keys(GRAPHS)) {
    /** @type {import('./measure.mjs').Measured[][]} */
    const runs = [];
    for (let count = 0; count < processes; count++) runs.push(await inChild('engine.mjs', { core, graph, quick }));
    for (const measured of overProcesses(runs)) {
      figures.push({ graph, ...measured, target: ROWS[measured.label]?.targets[graph] });
    }
  }
  return figures;
}

/** @param {Awaited<ReturnType<typeof engine>>} figures */
export function engineTable(figures) {
  const rows = figures.map(({ graph, label, ratio, ratios, ns, target }) => [
    `${graph}: ${label}`,
    digits(ratio),
    ratios.map(digits).join(' '),
    ns.toFixed(0),
    atMost(target),
    verdict(ratio, target),
  ]);
  const head = ['engine, in units of the bare promise DAG', 'ratio', 'processes', 'ns/stage', 'target', ''];
  return table('Engine', head, rows);
}
