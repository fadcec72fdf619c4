import { describe, expect, it } from 'vitest';
import { Engine } from '../../../src/run/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { bind, Rig, rejection } from './hand-bound.js';

describe('options', () => {
  const bound = bind([{ name: 'a' }]);

  it.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY]])('refuse %s ms: RUN_INPUT_INVALID', async (ms) => {
    const refused = expect.objectContaining({ code: 'RUN_INPUT_INVALID' });
    expect(() => new Engine({ graceMs: ms })).toThrow(refused);
    expect(() => new Engine({ cleanupMs: ms })).toThrow(refused);
    expect(() => new Engine().start(bound, {}, { timeoutMs: ms })).toThrow(refused);
    expect(await rejection(new Engine().run(bound, {}, { timeoutMs: ms }))).toEqual(refused);
  });

  it.each([[0], [-1], [1.5], [Number.NaN]])('refuse maxConcurrency %s: RUN_INPUT_INVALID', async (maxConcurrency) => {
    const error = await rejection(new Engine().run(bound, {}, { maxConcurrency }));
    expect(error).toMatchObject({ code: 'RUN_INPUT_INVALID', details: { maxConcurrency } });
  });
});

describe('closing the engine', () => {
  const gated = (gate: Gate, graceMs = 100) =>
    new Rig([{ name: 'a', run: (ctx) => gate.pass(ctx.signal) }], { graceMs });

  it('refuses runs from then on: APP_CLOSED', async () => {
    const rig = gated(new Gate());
    await rig.engine.close();
    expect(() => rig.start()).toThrow(expect.objectContaining({ code: 'APP_CLOSED' }));
    expect(await rejection(rig.engine.run(rig.bound))).toMatchObject({ code: 'APP_CLOSED' });
    await rig.engine.close();
  });

  it('waits for the runs that are going on', async () => {
    const gate = new Gate();
    const rig = gated(gate);
    const run = rig.start();
    await settle();
    const order: string[] = [];
    const closed = Promise.all([rig.engine.close(), rig.engine.close()]).then(() => order.push('closed'));
    run.result.then(({ status }) => order.push(status));
    await settle();
    expect(order).toEqual([]);
    gate.open();
    await closed;
    expect(order).toEqual(['completed', 'closed']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('cancels what is left after the grace period', async () => {
    const rig = gated(new Gate());
    const runs = [rig.start(), rig.start()];
    await settle();
    const closed = rig.engine.close();
    await rig.clock.advance(99);
    expect(rig.sink.ofType('pipeline.cancelled')).toEqual([]);
    await rig.clock.advance(1);
    await closed;
    const outcomes = await Promise.all(runs.map(({ result }) => result));
    expect(outcomes).toMatchObject(
      [0, 1].map(() => ({ status: 'cancelled', error: { reason: 'the application is closing' } })),
    );
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('gives up on a stage that never stops, after a second grace period', async () => {
    const rig = new Rig([{ name: 'deaf', run: () => new Promise(() => {}) }], { graceMs: 100 });
    const run = rig.start();
    await settle();
    const closed = rig.engine.close();
    await rig.clock.advance(200);
    await closed;
    expect((await run.result).results.abandoned).toEqual(['deaf']);
    expect(rig.clock.pendingTimers).toBe(0);
  });
});
