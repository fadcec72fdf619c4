// @ts-check
/* What a run costs while it waits for an approval: memory, timers, and how long it takes to answer all of them. */
import { inChild } from './processes.mjs';
import { digits, table } from './table.mjs';

/** Takes everything: what is measured is the waiting. */
const anything = {
  '~standard': { version: 1, vendor: 'bench', validate: (/** @type {unknown} */ value) => ({ value }) },
};

function settledHeap() {
  for (let count = 0; count < 3; count++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

/** In a process of its own. @param {{ index: string, count: number }} options */
export async function measure({ index, count }) {
  const stageflow = { ...(await import(index)), ...(await import(new URL('approvals.js', index).href)) };
  const { MemoryApprovalStore, SqlApprovalStore } = stageflow;
  const { openSqlite } = await import(new URL('sqlite.js', index).href);
  await waitingRuns(stageflow, new MemoryApprovalStore(), 500); // warm
  return {
    count,
    memory: await waitingRuns(stageflow, new MemoryApprovalStore(), count),
    sqlite: await waitingRuns(stageflow, new SqlApprovalStore(openSqlite(':memory:')), count),
    bare: await waitingRuns(stageflow, null, count),
  };
}

/** @param {any} stageflow @param {any} store null for runs that wait for a plain promise @param {number} count */
async function waitingRuns({ ApprovalService, approvers, AuthContext, contract, defineTool, Pipeline }, store, count) {
  const Payment = contract('payment/v1', anything, { jsonSchema: () => ({ type: 'object' }) });
  const auth = AuthContext.verified({ userId: 'ann', orgId: 'acme' });
  const boss = { auth: AuthContext.verified({ userId: 'bob', orgId: 'acme', roles: ['boss'] }) };
  const tool = defineTool({
    ...{ name: 'pay', description: 'Pays.', input: Payment, effect: 'irreversible' },
    execute: async () => ({ done: true }),
  });
  let open = () => {};
  const gate = new Promise((resolve) => {
    open = () => resolve({});
  });
  const approvals = store === null ? null : new ApprovalService({ store, policy: approvers({ roles: ['boss'] }) });
  const pipeline = new Pipeline('p').withTools(tool).withStage('s', (/** @type {any} */ ctx) => {
    return approvals === null ? gate : ctx.tools.call(tool, { amount: 1 });
  });
  const runnable = pipeline.build(approvals === null ? {} : { toolServices: { approvals } });
  const before = settledHeap();
  const runs = Array.from({ length: count }, () => runnable.start({ auth }));
  const asked = performance.now();
  let ended = 0;
  for (const { result } of runs) void result.then(() => ended++);
  while (approvals !== null && approvals.waiting < count) {
    if (ended > 0) throw new Error('A run did not wait.');
    await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const bytes = (settledHeap() - before) / count;
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const answered = performance.now();
  if (approvals === null) open();
  else await approveAll(approvals, boss);
  await Promise.all(runs.map(({ result }) => result));
  return { bytes, timers, askMs: answered - asked - 50, answerMs: performance.now() - answered };
}

/** @param {any} approvals @param {any} boss */
async function approveAll(approvals, boss) {
  for (;;) {
    const { requests } = await approvals.pending(boss, { limit: 500 });
    if (requests.length === 0) return;
    for (const { id } of requests) await approvals.approve(id, boss);
  }
}

/** @param {{ index: string, quick: boolean }} options @returns {ReturnType<typeof measure>} */
export function approvals({ index, quick }) {
  return inChild('approvals.mjs', { index, count: quick ? 2_000 : 10_000 }, ['--expose-gc']);
}

/** @param {Awaited<ReturnType<typeof measure>>} figures */
export function approvalsTable({ count, memory, sqlite, bare }) {
  const row = (/** @type {string} */ label, /** @type {typeof memory} */ { bytes, timers, askMs, answerMs }) => [
    label,
    digits(bytes / 1_024),
    digits((bytes - bare.bytes) / 1_024),
    String(timers),
    digits((askMs * 1_000) / count),
    digits((answerMs * 1_000) / count),
  ];
  return table(
    `${count.toLocaleString('en')} runs that wait for an approval`,
    ['', 'KB/run', 'of it the approval', 'timers', 'us to ask', 'us to answer'],
    [row('a plain promise', bare), row('MemoryApprovalStore', memory), row('SqlApprovalStore, SQLite', sqlite)],
  );
}
