// @ts-check
/*
 * Times on a shared machine drift by a factor of two within seconds, so nothing here compares two times taken apart.
 * In every round all variants run a batch each, in random order, one beside the other; what counts is the ratio of a
 * variant to the yardstick within its round, and of those the median.
 *
 * No gc() between rounds: while nothing is alive V8 drops the hidden classes, and with them the optimised code.
 */
import { performance } from 'node:perf_hooks';

/** @typedef {{ label: string, run: () => Promise<unknown> | unknown }} Variant */
/** @typedef {{ label: string, ratio: number, ns: number }} Measured `ns`: per stage, as the clock said */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @template T @param {readonly T[]} items @returns {T[]} */
function shuffled(items) {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other], order[last]];
  }
  return order;
}

/** @param {Variant} variant @param {number} repeats @returns {Promise<number>} ms per run */
async function batch({ run }, repeats) {
  const start = performance.now();
  for (let count = 0; count < repeats; count++) await run();
  return (performance.now() - start) / repeats;
}

/** How often a variant must run for a batch to take `batchMs`. @param {Variant} variant @param {number} batchMs */
async function calibrate(variant, batchMs) {
  let repeats = 1;
  for (;;) {
    const ms = await batch(variant, repeats);
    if (ms * repeats >= batchMs) return Math.max(1, Math.round(batchMs / ms));
    repeats = Math.ceil(Math.max(repeats * 2, Math.min(repeats * 16, batchMs / Math.max(ms, 1e-4))));
  }
}

/**
 * @param {readonly Variant[]} variants the first is the yardstick
 * @param {{ rounds: number, batchMs: number, warmupMs: number, stages: number }} options
 * @returns {Promise<Measured[]>}
 */
export async function compare(variants, { rounds, batchMs, warmupMs, stages }) {
  /** @type {{ variant: Variant, repeats: number, times: number[] }[]} */
  const samples = variants.map((variant) => ({ variant, repeats: 1, times: [] }));
  for (const { variant } of samples) await warmUp(variant, warmupMs);
  for (const one of samples) one.repeats = await calibrate(one.variant, batchMs);
  for (let round = 0; round < rounds; round++) {
    for (const { variant, repeats, times } of shuffled(samples)) times.push(await batch(variant, repeats));
  }
  const yardstick = /** @type {number[]} */ (samples[0]?.times);
  return samples.map(({ variant, times }) => ({
    label: variant.label,
    ratio: median(times.map((ms, round) => ms / yardstick[round])),
    ns: (median(times) * 1e6) / stages,
  }));
}

/**
 * The medians over several processes that measured the same variants.
 * @param {readonly (readonly Measured[])[]} runs
 */
export function overProcesses(runs) {
  return runs[0].map(({ label }, place) => {
    const ratios = runs.map((run) => run[place].ratio);
    return { label, ratio: median(ratios), ratios, ns: median(runs.map((run) => run[place].ns)) };
  });
}

/** Until all of it is optimised code. @param {Variant} variant @param {number} warmupMs */
export async function warmUp({ run }, warmupMs) {
  const end = performance.now() + warmupMs;
  do await run();
  while (performance.now() < end);
}
