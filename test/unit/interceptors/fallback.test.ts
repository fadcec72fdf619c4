import { describe, expect, it } from 'vitest';
import { FallbackInterceptor, type FallbackOptions, RetryInterceptor } from '../../../src/interceptors/index.js';
import { StageKind, StageOutput } from '../../../src/stage/index.js';
import { Gate, settle } from '../../../src/testing/index.js';
import { type RoundOptions, Rounds } from './rounds.js';

const failing =
  (fields: object = {}) =>
  () =>
    Promise.reject(Object.assign(new Error('down'), fields));
const instead = (options: FallbackOptions, run: RoundOptions['run'] = failing(), kind: StageKind = 'transform') =>
  new Rounds({ kind, interceptors: [FallbackInterceptor.with(options)], run });

describe('a fallback', () => {
  it('stands in for a stage that failed, as ok, and sinks are told (079)', async () => {
    const rounds = instead({ use: { list: [] } }, failing({ code: 'ECONNRESET' }));
    expect(await rounds.round()).toMatchObject({ status: 'ok', data: { list: [] } });
    expect(rounds.rig.sink.ofType('custom')).toMatchObject([{ name: 'fallback.used', data: { code: 'ECONNRESET' } }]);
  });

  it('is made from the failure, and may be any output', async () => {
    const made = instead({ use: async ({ code }) => ({ because: code }) });
    expect((await made.round()).data).toEqual({ because: 'STAGE_FAILED' });
    const skip = instead({ use: () => StageOutput.skip('nothing today') });
    expect(await skip.round()).toMatchObject({ status: 'skip', reason: 'nothing today' });
  });

  it('comes after the last attempt', async () => {
    const interceptors = [
      RetryInterceptor.with({ attempts: 3, delayMs: 0 }),
      FallbackInterceptor.with({ use: { a: 1 } }),
    ];
    const rounds = new Rounds({ interceptors: [...interceptors].reverse(), run: failing() });
    const run = rounds.start();
    await rounds.clock.advance(1);
    expect(rounds.resultOf(await run.result)).toMatchObject({ status: 'ok', attempts: 3, data: { a: 1 } });
  });

  it('hides neither a refusal nor a mistake in the program, unless told to', async () => {
    const hidden = [failing({ status: 403 }), failing({ name: 'TypeError' }), failing({ name: 'AbortError' })];
    for (const run of hidden) {
      expect((await instead({ use: {} }, run).round()).status).toBe('fail');
      expect((await instead({ use: {}, when: () => true }, run).round()).status).toBe('ok');
    }
  });

  it('never opens a guard', async () => {
    expect((await instead({ use: {} }, failing(), StageKind.Guard).round()).status).toBe('fail');
  });

  it('leaves a success, a skip and a cancelled run alone', async () => {
    expect((await instead({ use: { no: 1 } }, () => ({ yes: 1 })).round()).data).toEqual({ yes: 1 });
    expect((await instead({ use: { no: 1 } }, () => StageOutput.skip('x')).round()).status).toBe('skip');
    const rounds = instead({ use: { no: 1 } }, (ctx) => new Gate().pass(ctx.signal));
    const run = rounds.start();
    await settle();
    run.cancel('enough');
    expect((await run.result).status).toBe('cancelled');
  });

  it.each([
    ['throws', () => Promise.reject(new Error('this, too'))],
    ['gives nothing', () => undefined as never],
  ])('that %s leaves the failure as it is', async (_, use) => {
    expect((await instead({ use }).round()).failure?.error).toMatchObject({ message: 'down' });
  });
});

it.each([{ use: 7 }, { use: null }, { use: {}, when: 1 }])('refuses %j: METADATA_OPTION_INVALID', (options) => {
  const make = () => FallbackInterceptor.with(options as never);
  expect(make).toThrow(expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }));
});
