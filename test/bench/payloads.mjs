// @ts-check
/* What it costs to freeze an output once, to make a snapshot of it, and to store a large one. */
import { randomUUID } from 'node:crypto';
import { compare, overProcesses } from './measure.mjs';
import { messages, messagesTable } from './messages.mjs';
import { inChild } from './processes.mjs';
import { RECORDS } from './records.mjs';
import { digits, table } from './table.mjs';

const NOTHING = 'no input';

/** In a process of its own. @param {{ core: string, record: string, quick: boolean }} options */
export async function measure({ core, record, quick }) {
  const stageflow = await import(core);
  const { variants, times } = record === NOTHING ? withoutInput(stageflow) : withRecord(stageflow, record);
  const repeated = variants.map(({ label, work }) => ({ label, run: many(work, times) }));
  const options = { rounds: quick ? 15 : 31, batchMs: quick ? 8 : 20, warmupMs: quick ? 200 : 600, stages: times };
  return compare(repeated, options);
}

/** Freezing is done once to an object, so every variant makes its own. @param {any} stageflow @param {string} record */
function withRecord({ ContextSnapshot, deepFreeze }, record) {
  const { make, times } = RECORDS[record];
  const variants = [
    { label: 'structuredClone', work: () => structuredClone(make()) },
    { label: 'JSON.parse(JSON.stringify())', work: () => JSON.parse(JSON.stringify(make())) },
    { label: 'nothing but making the record', work: make },
    { label: 'Object.freeze, not its inside', work: () => Object.freeze(make()) },
    { label: 'deepFreeze', work: () => deepFreeze(make()) },
    { label: 'new ContextSnapshot({ input })', work: () => new ContextSnapshot({ input: make() }) },
    { label: 'deepFreeze, then the snapshot', work: () => new ContextSnapshot({ input: deepFreeze(make()) }) },
  ];
  return { variants, times };
}

/** The yardstick is what one would write instead, with nothing to check. @param {any} stageflow */
function withoutInput({ ContextSnapshot }) {
  const byHand = () =>
    Object.freeze({
      identity: Object.freeze({ runId: randomUUID() }),
      inputText: null,
      input: undefined,
      messages: [],
      metadata: {},
    });
  const variants = [
    { label: 'a frozen literal with a random id', work: byHand },
    { label: 'new ContextSnapshot({})', work: () => new ContextSnapshot({}) },
  ];
  return { variants, times: 500 };
}

/** The last result: work whose result nobody has might never be done. @type {{ last: unknown }} */
export const kept = { last: null };

/** Awaiting every single one would be most of what is measured. @param {() => unknown} work @param {number} times */
function many(work, times) {
  return () => {
    for (let count = 0; count < times; count++) kept.last = work();
  };
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function payloads({ core, quick, processes }) {
  /** @type {(ReturnType<typeof overProcesses>[number] & { record: string })[]} */
  const times = [];
  for (const record of [...Object.keys(RECORDS), NOTHING]) {
    /** @type {import('./measure.mjs').Measured[][]} */
    const runs = [];
    for (let count = 0; count < processes; count++) runs.push(await inChild('payloads.mjs', { core, record, quick }));
    times.push(...overProcesses(runs).map((measured) => ({ record, ...measured })));
  }
  return { times, messages: await messages({ core, quick, processes }) };
}

/** @param {Awaited<ReturnType<typeof payloads>>} figures */
export function payloadsTable({ times, messages: stored }) {
  const rows = times.map(({ record, label, ratio, ratios, ns }) => [
    `${record}: ${label}`,
    digits(ratio),
    ratios.map(digits).join(' '),
    ns.toFixed(0),
  ]);
  const head = ['in units of the first of each group', 'ratio', 'processes', 'ns'];
  return `${table('Payloads', head, rows)}\n${messagesTable(stored)}`;
}
