import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { rejection } from '../run/hand-bound.js';

describe('the manual clock', () => {
  it('stands still until told, and then fires in the order of time, ties as armed', async () => {
    const clock = new ManualClock(100);
    const fired: string[] = [];
    const arm = (name: string, ms: number) => clock.setTimer(ms, () => fired.push(`${name}@${clock.now()}`));
    arm('late', 30);
    arm('early', 10);
    arm('also', 10);
    await settle();
    expect([fired, clock.now(), clock.pendingTimers]).toEqual([[], 100, 3]);
    await clock.advance(9);
    expect(fired).toEqual([]);
    await clock.advance(21);
    expect(fired).toEqual(['early@110', 'also@110', 'late@130']);
    expect([clock.now(), clock.pendingTimers, clock.toEpochMs(7)]).toEqual([130, 0, 7]);
  });

  it('fires what is armed on the way, if it comes due, and nothing that was cleared', async () => {
    const clock = new ManualClock(0);
    const fired: number[] = [];
    const cleared = clock.setTimer(15, () => expect.unreachable());
    clock.setTimer(10, () => {
      cleared.clear();
      clock.setTimer(5, () => fired.push(clock.now()));
      clock.setTimer(50, () => fired.push(clock.now()));
    });
    await clock.advance(20);
    expect([fired, clock.pendingTimers]).toEqual([[15], 1]);
  });

  it('lets promises go on before each step', async () => {
    const clock = new ManualClock(0);
    const seen: number[] = [];
    const wait = (ms: number) => new Promise<void>((resolve) => void clock.setTimer(ms, resolve));
    const chain = (async () => {
      for (const ms of [10, 10, 10]) {
        await wait(ms);
        seen.push(clock.now());
      }
    })();
    await clock.advance(30);
    await chain;
    expect(seen).toEqual([10, 20, 30]);
  });
});

describe('a gate', () => {
  it('holds whoever passes until it is opened, with a value', async () => {
    const gate = new Gate<number>();
    const passing = [gate.pass(), gate.pass()];
    await gate.reached;
    gate.open(7);
    expect(await Promise.all(passing)).toEqual([7, 7]);
    expect(await gate.pass()).toBe(7);
  });

  it('can be failed, waited for or not', async () => {
    const error = new Error('no');
    const gate = new Gate();
    const passing = rejection(gate.pass());
    gate.fail(error);
    expect(await passing).toBe(error);
    new Gate().fail(error);
    await settle();
  });

  it('lets go of whoever passes with a signal that aborts, and keeps no listener', async () => {
    const controller = new AbortController();
    const gate = new Gate();
    const aborted = rejection(gate.pass(controller.signal));
    controller.abort('stop');
    expect(await aborted).toBe('stop');
    expect(await rejection(gate.pass(controller.signal))).toBe('stop');
    const calm = new AbortController();
    const passing = gate.pass(calm.signal);
    gate.open();
    await passing;
    await settle();
    expect(getEventListeners(calm.signal, 'abort')).toEqual([]);
  });
});
