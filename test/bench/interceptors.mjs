// @ts-check
/* What interceptors cost beside the bare promise DAG: the default stack, all of it at work, and seven of a user. */
import { bareDag } from './bare.mjs';
import { defaultStackOf, quiet } from './default-stack.mjs';
import { GRAPHS } from './engine.mjs';
import { compare, overProcesses } from './measure.mjs';
import { CountingSink, pipelineOf, runOf, sevenInterceptors } from './pipelines.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const SHAPES = ['chain 10', 'chain 100', 'fan 100', 'fan 1000', 'layered 1000/5000'];

/** @type {Record<string, Record<string, number>>} */
const TARGETS = {
  'default stack: access, tenant, limit, tracing, metrics, logging, payload size': {
    'chain 10': 1.9,
    'chain 100': 0.95,
    'fan 100': 0.95,
    'fan 1000': 1,
    'layered 1000/5000': 0.65,
  },
  'default stack: limit, tracing, metrics, logging, payload size': {},
  '7 user interceptors': { 'chain 100': 3, 'fan 100': 3 },
  '7 user interceptors, with a limit': { 'chain 100': 3, 'fan 100': 3 },
};

/** In a process of its own. @param {{ core: string, graph: string, quick: boolean }} options */
export async function measure({ core, graph: name, quick }) {
  const stageflow = await import(core);
  const graph = /** @type {() => import('./graphs.mjs').GraphShape} */ (GRAPHS[name])();
  const { AuthContext, OrgContext, Access } = stageflow;
  const stack = defaultStackOf(stageflow);
  const rules = { stageOptions: { access: [Access.authenticated()] } };
  const caller = { auth: AuthContext.verified({ userId: 'u', orgId: 'o' }), org: OrgContext.verified({ orgId: 'o' }) };
  const build = (/** @type {object} */ options) =>
    pipelineOf(stageflow, graph, options).build({ sinks: [new CountingSink()], logger: quiet, trustedCallers: true });
  const full = build({ interceptors: stack, limits: true, ...rules });
  const open = build({ interceptors: stack, limits: true });
  const { signal } = new AbortController();
  const variants = [
    { label: 'bare promise DAG', run: bareDag(graph) },
    {
      label: 'default stack: access, tenant, limit, tracing, metrics, logging, payload size',
      run: () => full.run(caller, { signal }),
    },
    {
      label: 'default stack: limit, tracing, metrics, logging, payload size',
      run: () => open.run({}, { signal }),
    },
    { label: '7 user interceptors', run: runOf(build({ interceptors: sevenInterceptors })) },
    {
      label: '7 user interceptors, with a limit',
      run: runOf(build({ interceptors: sevenInterceptors, limits: true }), { limits: true }),
    },
  ];
  const stages = graph.stages.length;
  return compare(variants, { rounds: quick ? 15 : 31, batchMs: quick ? 8 : 20, warmupMs: quick ? 200 : 600, stages });
}

/** @param {{ index: string, quick: boolean, processes: number }} options */
export async function interceptors({ index: core, quick, processes }) {
  const figures = [];
  for (const graph of SHAPES) {
    /** @type {import('./measure.mjs').Measured[][]} */
    const runs = [];
    for (let count = 0; count < processes; count++) {
      runs.push(await inChild('interceptors.mjs', { core, graph, quick }));
    }
    for (const measured of overProcesses(runs)) {
      figures.push({ graph, ...measured, target: TARGETS[measured.label]?.[graph] });
    }
  }
  return figures;
}

/** @param {Awaited<ReturnType<typeof interceptors>>} figures */
export function interceptorsTable(figures) {
  const rows = figures.map(({ graph, label, ratio, ratios, ns, target }) => [
    `${graph}: ${label}`,
    digits(ratio),
    ratios.map(digits).join(' '),
    ns.toFixed(0),
    atMost(target),
    verdict(ratio, target),
  ]);
  const head = ['interceptors, in units of the bare promise DAG', 'ratio', 'processes', 'ns/stage', 'target', ''];
  return table('Interceptors', head, rows);
}
