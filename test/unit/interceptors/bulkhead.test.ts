import { describe, expect, it } from 'vitest';
import { BulkheadInterceptor, RetryInterceptor } from '../../../src/interceptors/index.js';
import { Gate, settle } from '../../../src/testing/index.js';
import { Rounds } from './rounds.js';

/** Rounds whose bodies wait to be let go, in the order they began. */
function held(options: ConstructorParameters<typeof BulkheadInterceptor>[0]) {
  const gates: Gate[] = [];
  const began: (string | null)[] = [];
  const rounds = new Rounds({
    interceptors: [new BulkheadInterceptor(options)],
    run: async (ctx) => {
      const gate = new Gate();
      gates.push(gate);
      began.push(ctx.snapshot.inputText);
      await gate.pass(ctx.signal);
      return {};
    },
  });
  const openAll = async () => {
    for (let turn = 0; turn < 12; turn++) {
      for (const gate of gates) gate.open();
      await settle();
    }
  };
  return { rounds, gates, began, openAll };
}

describe('a bulkhead', () => {
  it('runs so many at once, lets as many wait as the queue holds, and refuses the rest, retryable', async () => {
    const { rounds, gates, openAll } = held({ limit: 2, queue: 3 });
    const all = rounds.codesAtOnce(8);
    await settle();
    expect(gates).toHaveLength(2);
    await openAll();
    expect(await all).toEqual([...Array(5).fill('ok'), ...Array(3).fill('BULKHEAD_FULL')]);
    const first = rounds.rig.sink.ofType('stage.failed')[0];
    expect(first?.error).toMatchObject({ code: 'BULKHEAD_FULL', retryable: true });
  });

  it('serves who waits in the order they came, and nobody overtakes', async () => {
    const { rounds, gates, began, openAll } = held({ limit: 1, queue: 9 });
    const names = ['a', 'b', 'c', 'd'];
    const all = names.map((inputText) => rounds.round({ inputText }));
    await settle();
    gates[0]?.open();
    all.push(rounds.round({ inputText: 'late' }));
    await openAll();
    await Promise.all(all);
    expect(began).toEqual([...names, 'late']);
  });

  it('lets those go at once who are cancelled while they wait, and serves the next', async () => {
    const { rounds, gates, began } = held({ limit: 1, queue: 2 });
    const [first, second, third] = ['a', 'b', 'c'].map((inputText) => rounds.start({ inputText }));
    await settle();
    second?.cancel('enough');
    expect((await second?.result)?.status).toBe('cancelled');
    const fourth = rounds.start({ inputText: 'd' });
    await settle();
    for (const index of [0, 1, 2]) {
      gates[index]?.open();
      await settle();
    }
    await Promise.all([first?.result, third?.result, fourth.result]);
    expect(began).toEqual(['a', 'c', 'd']);
  });

  it('gives a place back however the stage ends', async () => {
    const run = (_: unknown, call: number) => {
      if (call % 2 === 1) throw new Error('busy');
      return {};
    };
    const rounds = new Rounds({ interceptors: [new BulkheadInterceptor({ limit: 1 })], run });
    expect(await rounds.codes(4)).toEqual(['STAGE_FAILED', 'ok', 'STAGE_FAILED', 'ok']);
  });

  it('holds no place while an attempt waits to be retried', async () => {
    const interceptors = [RetryInterceptor.with({ attempts: 2, delayMs: 100 }), new BulkheadInterceptor({ limit: 1 })];
    const run = (_: unknown, call: number) => {
      if (call === 1) throw new Error('busy');
      return { call };
    };
    const rounds = new Rounds({ interceptors, run });
    const first = rounds.start();
    await settle();
    expect((await rounds.round()).status).toBe('ok');
    await rounds.clock.advance(100);
    expect((await first.result).status).toBe('completed');
  });

  it('keeps places apart by key', async () => {
    const { rounds, gates, openAll } = held({ limit: 1, key: ({ snapshot }) => snapshot.inputText ?? '' });
    const all = ['a', 'b', 'a'].map((inputText) => rounds.round({ inputText }));
    await settle();
    expect(gates).toHaveLength(2);
    await openAll();
    expect((await Promise.all(all)).map(({ status }) => status)).toEqual(['ok', 'ok', 'fail']);
  });
});

it.each([{ limit: 0 }, { limit: 1, queue: -1 }, { limit: 1.5 }, { limit: 1, key: 3 }])(
  'refuses %j: METADATA_OPTION_INVALID',
  (options) => {
    const make = () => BulkheadInterceptor.with(options as never);
    expect(make).toThrow(expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }));
  },
);
