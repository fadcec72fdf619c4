import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { CallbackSink } from '../../../src/events/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig, statusOf } from './hand-bound.js';

const waitingRig = () => new Rig([{ name: 'a', run: (ctx) => new Gate().pass(ctx.signal) }]);

it("aborting the caller's signal cancels the run with its reason", async () => {
  const controller = new AbortController();
  const rig = waitingRig();
  const run = rig.start({}, { signal: controller.signal });
  await settle();
  controller.abort(new Error('user left'));
  const outcome = await run.result;
  if (outcome.status !== 'cancelled') throw new Error(outcome.status);
  expect(outcome.error).toMatchObject({ reason: 'user left', stage: null, cause: controller.signal.reason });
  expect(statusOf(outcome, 'a')).toBe('cancel');
});

it('an abort without a reason cancels too', async () => {
  const controller = new AbortController();
  const rig = waitingRig();
  const run = rig.start({}, { signal: controller.signal });
  await settle();
  controller.abort();
  expect((await run.result).status).toBe('cancelled');
});

it('the listener is gone when the run has ended, however it ended', async () => {
  const { signal } = new AbortController();
  const rig = new Rig([{ name: 'a', run: () => settle() }]);
  await rig.outcome({}, { signal });
  const failing = new Rig([{ name: 'a', run: () => Promise.reject(new Error('no')) }]);
  await failing.outcome({}, { signal });
  const cancelled = waitingRig();
  const run = cancelled.start({}, { signal });
  run.cancel();
  await run.result;
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

it('one signal governs fifty runs without a warning', async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error) => warnings.push(warning);
  process.on('warning', listener);
  const controller = new AbortController();
  const rig = waitingRig();
  const runs = Array.from({ length: 50 }, () => rig.start({}, { signal: controller.signal }));
  await settle();
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(50);
  controller.abort('all');
  const outcomes = await Promise.all(runs.map(({ result }) => result));
  await settle();
  process.off('warning', listener);
  expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['cancelled']));
  expect(warnings).toEqual([]);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

it("fifty waits inside one stage do not warn about the stage's own signal when they sleep on the clock", async () => {
  const warnings: Error[] = [];
  const listener = (warning: Error) => warnings.push(warning);
  process.on('warning', listener);
  const rig = new Rig([
    { name: 'a', run: (ctx) => Promise.all(Array.from({ length: 50 }, () => ctx.sleep(5))).then(() => {}) },
  ]);
  const run = rig.start();
  await rig.clock.advance(5);
  expect((await run.result).status).toBe('completed');
  process.off('warning', listener);
  expect(warnings).toEqual([]);
});

it('a sink that cancels on the very first event keeps every stage from starting, and leaves nothing behind', async () => {
  const controller = new AbortController();
  const rig = new Rig([{ name: 'a' }], {
    sinks: [new CallbackSink(({ type }) => (type === 'pipeline.started' ? controller.abort('at once') : undefined))],
  });
  const outcome = await rig.outcome({}, { signal: controller.signal, timeoutMs: 60_000 });
  expect(outcome.status).toBe('cancelled');
  expect(rig.story).toEqual(['pipeline.started', 'pipeline.cancelled']);
  expect(rig.clock.pendingTimers).toBe(0);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

it('a signal that times out cancels with its own reason', async () => {
  const rig = waitingRig();
  const outcome = await rig.outcome({}, { signal: AbortSignal.timeout(1) });
  if (outcome.status !== 'cancelled') throw new Error(outcome.status);
  expect(outcome.error.cause).toMatchObject({ name: 'TimeoutError' });
  expect(statusOf(outcome, 'a')).toBe('cancel');
});
