// @ts-check
/* What a tool call costs on the whole gated path, beside a bare asynchronous call, and where it goes. */
import { compare, overProcesses } from './measure.mjs';
import { inChild } from './processes.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const CALLS = 100;

/** Accepts anything: what is measured is the path and not the check. @type {any} */
const anything = {
  '~standard': { version: 1, vendor: 'bench', validate: (/** @type {unknown} */ value) => ({ value }) },
};

const passes = { intercept: (/** @type {unknown} */ _, /** @type {() => unknown} */ next) => next() };

/** @type {Record<string, { options?: object, sink?: boolean, target?: number }>} */
const ROWS = {
  'the gated path': { target: 15 },
  'and events to a sink': { sink: true },
  'and a limit': { options: { timeoutMs: 60_000 } },
  'and a concurrency limit': { options: { concurrency: 64 } },
  'and an exclusive key': { options: { exclusive: 'all' } },
  'and an access rule': { options: { access: [{ rule: 'public' }] } },
  'and an interceptor': { options: { interceptors: [passes] } },
};

/** In a process of its own. @param {{ core: string, quick: boolean }} options */
export async function measure({ core, quick }) {
  const { defineTool, Pipeline } = await import(core);
  const handler = async () => ({ done: true });
  const bare = async () => {
    for (let call = 0; call < CALLS; call++) await handler();
  };
  const variants = [{ label: 'bare async call', run: bare }];
  for (const [label, { options = {}, sink = false }] of Object.entries(ROWS)) {
    const tool = defineTool({
      name: 'work',
      description: 'Works.',
      input: anything,
      effect: 'read',
      execute: handler,
      ...options,
    });
    // One stage makes all calls, so that the run around them is shared by them.
    const pipeline = new Pipeline('p').withTools(tool).withStage('calls', async (/** @type {any} */ ctx) => {
      for (let call = 0; call < CALLS; call++) await ctx.tools.call(tool, {});
    });
    const runnable = pipeline.build({ sinks: sink ? [{ emit() {} }] : [] });
    variants.push({ label, run: () => runnable.run() });
  }
  return compare(variants, {
    rounds: quick ? 15 : 31,
    batchMs: quick ? 8 : 20,
    warmupMs: quick ? 200 : 600,
    stages: CALLS,
  });
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function tools({ core, quick, processes }) {
  /** @type {import('./measure.mjs').Measured[][]} */
  const runs = [];
  for (let count = 0; count < processes; count++) runs.push(await inChild('tools.mjs', { core, quick }));
  return overProcesses(runs).map((measured) => ({ ...measured, target: ROWS[measured.label]?.target }));
}

/** @param {Awaited<ReturnType<typeof tools>>} figures */
export function toolsTable(figures) {
  const rows = figures.map(({ label, ratio, ratios, ns, target }) => [
    label,
    digits(ratio),
    ratios.map(digits).join(' '),
    ns.toFixed(0),
    atMost(target),
    verdict(ratio, target),
  ]);
  return table(
    'Tools',
    ['tool calls, in units of a bare async call', 'ratio', 'processes', 'ns/call', 'target', ''],
    rows,
  );
}
