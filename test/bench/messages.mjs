// @ts-check
/* What it costs to store and to read a snapshot of 20 MB of messages, in time and in memory. */
import { compare, median } from './measure.mjs';
import { PEAK_FLAGS, peakOf } from './peak.mjs';
import { inChild } from './processes.mjs';
import { messagesOf } from './records.mjs';
import { atMost, digits, table, verdict } from './table.mjs';

const TARGET = 1.1;

/** @type {Record<string, { count: number, dated: boolean }>} */
const SHAPES = {
  '2,000 of 10 KB': { count: 2_000, dated: false },
  '20,000 of 1 KB, with a Date': { count: 20_000, dated: true },
};

/** Each in units of its first. */
const STORING = ['JSON.stringify alone', 'toJSON alone', 'toJSON + JSON.stringify'];
const READING = ['JSON.parse alone', 'fromJSON alone', 'JSON.parse + fromJSON'];
const WITH_TARGET = ['toJSON + JSON.stringify', 'fromJSON alone', 'JSON.parse + fromJSON'];

/**
 * In a process of its own: the peak of one operation, or the times of all.
 * @param {{ core: string, shape: string, what: string | null, quick: boolean }} options
 */
export async function measure({ core, shape, what, quick }) {
  const { ContextSnapshot } = await import(core);
  const { count, dated } = SHAPES[shape];
  const messages = messagesOf(count, dated);
  const operations = operationsOf(ContextSnapshot, messages);
  if (what !== null) {
    const payload = JSON.stringify(messages).length;
    return { peak: (await peakOf(operations(what))) / payload };
  }
  const options = { rounds: quick ? 5 : 11, batchMs: 1, warmupMs: quick ? 200 : 600, stages: 1 };
  const times = [];
  for (const group of [STORING, READING]) {
    const variants = group.map((label) => ({ label, run: operations(label) }));
    times.push(...(await compare(variants, options)));
  }
  return times;
}

/**
 * What an operation reads is there before it is measured.
 * @param {any} ContextSnapshot @param {readonly object[]} messages @returns {(label: string) => () => unknown}
 */
function operationsOf(ContextSnapshot, messages) {
  const snapshot = () => new ContextSnapshot({ conversation: { messages } });
  return (label) => {
    if (STORING.includes(label)) {
      if (label === STORING[0]) return () => JSON.stringify(messages);
      const stored = snapshot();
      return label === STORING[1] ? () => stored.toJSON() : () => JSON.stringify(stored.toJSON());
    }
    const text = flat(JSON.stringify(snapshot()));
    if (label === READING[0]) return () => JSON.parse(text);
    if (label === READING[2]) return () => ContextSnapshot.fromJSON(JSON.parse(text));
    const data = JSON.parse(text);
    return () => ContextSnapshot.fromJSON(data);
  };
}

/** As it is read from a file: JSON.stringify leaves text in pieces, and the reader would pay for joining them. @param {string} text */
function flat(text) {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** @param {{ core: string, quick: boolean, processes: number }} options */
export async function messages({ core, quick, processes }) {
  const figures = [];
  for (const shape of Object.keys(SHAPES)) {
    const ask = (/** @type {string | null} */ what) =>
      inChild('messages.mjs', { core, shape, what, quick }, what === null ? [] : PEAK_FLAGS);
    /** @type {import('./measure.mjs').Measured[]} */
    const times = await ask(null);
    for (const { label, ratio, ns } of times) {
      /** @type {number[]} */
      const peaks = [];
      for (let count = 0; count < processes; count++) peaks.push((await ask(label)).peak);
      const target = WITH_TARGET.includes(label) ? TARGET : undefined;
      figures.push({ shape, label, ratio, ms: ns / 1e6, peak: median(peaks), peaks, target });
    }
  }
  return figures;
}

/** @param {Awaited<ReturnType<typeof messages>>} figures */
export function messagesTable(figures) {
  const rows = figures.map(({ shape, label, ratio, ms, peak, peaks, target }) => [
    `${shape}: ${label}`,
    digits(ratio),
    digits(ms),
    digits(peak),
    peaks.map(digits).join(' '),
    atMost(target),
    verdict(peak, target),
  ]);
  const head = ['20 MB of messages', 'ratio', 'ms', 'peak / payload', 'processes', 'target', ''];
  return table('A stored snapshot of 20 MB of messages', head, rows);
}
