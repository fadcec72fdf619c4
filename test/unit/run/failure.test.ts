import { describe, expect, it } from 'vitest';
import { StageFailedError } from '../../../src/run/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { Rig, rejection, statusOf } from './hand-bound.js';

const throwing = (error: unknown) => () => {
  throw error;
};

describe('under fail-fast', () => {
  it('a throw aborts the siblings, waits until they have unwound, and starts nothing else (027, 024)', async () => {
    const original = new Error('key "x" missing');
    const unwound = new Gate();
    const failing = new Gate();
    const rig = new Rig([
      {
        name: 'a',
        run: async () => {
          await failing.pass();
          throw original;
        },
      },
      {
        name: 'sibling',
        run: async (ctx) => {
          await new Promise((resolve) => ctx.signal.addEventListener('abort', resolve));
          await unwound.pass();
          ctx.checkpoint();
        },
      },
      { name: 'dependent', dependsOn: ['a'] },
      { name: 'later', dependsOn: ['sibling'] },
    ]);
    const run = rig.start();
    let settled = false;
    run.result.then(() => {
      settled = true;
    });
    await settle();
    failing.open();
    await unwound.reached;
    await settle();
    expect(settled).toBe(false);
    unwound.open();
    const outcome = await run.result;
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toBeInstanceOf(StageFailedError);
    expect(outcome.error).toMatchObject({ code: 'STAGE_FAILED', stage: 'a', cause: original });
    expect(outcome.results.stages.map(({ status }) => status)).toEqual([
      'fail',
      'cancel',
      'not-started',
      'not-started',
    ]);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it('run() rejects with the same error, which carries everything that completed (027)', async () => {
    const rig = new Rig([
      { name: 'a', run: () => ({ value: 1 }) },
      { name: 'b', dependsOn: ['a'], run: throwing(new Error('no')) },
    ]);
    const error = await rejection(rig.engine.run(rig.bound));
    expect(error).toBeInstanceOf(StageFailedError);
    expect(error.results.outputs).toEqual({ a: { value: 1 } });
    expect(error.message).toContain('"b"');
    expect(error.message).toContain('no');
  });

  it('what fail() says about the failure is in result, error and event (029)', async () => {
    const cause = new Error('quota');
    const options = { code: 'QUOTA', retryable: true, hint: 'Try tomorrow.', data: { used: 9 } };
    const rig = new Rig([{ name: 'a', run: () => StageOutput.fail(cause, options) }]);
    const error = await rejection(rig.engine.run(rig.bound));
    expect(error).toMatchObject({ failureCode: 'QUOTA', retryable: true, fix: 'Try tomorrow.', cause });
    expect(error.results.stage('a')).toMatchObject({
      status: 'fail',
      data: { used: 9 },
      failure: { error: cause, code: 'QUOTA', retryable: true, hint: 'Try tomorrow.' },
    });
    expect(rig.sink.ofType('stage.failed')).toMatchObject([{ error: { code: 'QUOTA', retryable: true } }]);
  });

  it('the first of two different errors decides, and the second is reported beside it', async () => {
    const [first, second] = [new Error('first'), new Error('second')];
    const gate = new Gate();
    const failing = (name: string, error: Error) => ({ name, run: () => gate.pass().then(throwing(error)) });
    const rig = new Rig([failing('a', first), failing('b', second)]);
    const run = rig.start();
    gate.open();
    const outcome = await run.result;
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ stage: 'a', cause: first });
    expect(outcome.error.message).toContain('Also failed: "b"');
    expect(outcome.results.failures.map(({ failure }) => failure?.error)).toEqual([first, second]);
  });

  it('a failure and a cancel in one tick: whichever settled first decides, always', async () => {
    for (const order of [
      ['fail', 'cancel'],
      ['cancel', 'fail'],
    ]) {
      const gate = new Gate();
      const rig = new Rig(
        order.map((name) => ({
          name,
          run: () => gate.pass().then(() => (name === 'fail' ? StageOutput.fail('no') : StageOutput.cancel('done'))),
        })),
      );
      const run = rig.start();
      gate.open();
      const outcome = await run.result;
      expect(outcome.status).toBe(order[0] === 'fail' ? 'failed' : 'cancelled');
      expect(outcome.results.stages.map(({ status }) => status)).toEqual(order);
    }
  });
});

describe('under continue', () => {
  it('finishes what is not downstream, names what was blocked, and fails in the end (144)', async () => {
    const rig = new Rig(
      [
        { name: 'a', run: throwing(new Error('no')) },
        { name: 'b', dependsOn: ['a'] },
        { name: 'b2', dependsOn: ['b'] },
        { name: 'c', run: async () => ({ c: 1 }) },
        { name: 'd', dependsOn: ['c'], run: async () => ({ d: 1 }) },
        { name: 'e', dependsOn: ['d', 'b'] },
      ],
      { failurePolicy: 'continue' },
    );
    const outcome = await rig.outcome();
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ stage: 'a' });
    expect(outcome.results.outputs).toEqual({ c: { c: 1 }, d: { d: 1 } });
    const blocked = { status: 'skip', skipCause: 'dependency-failed' };
    expect(outcome.results.stage('b')).toMatchObject({ ...blocked, reason: '"a" failed' });
    expect(outcome.results.stage('b2')).toMatchObject({ ...blocked, reason: '"b" could not run' });
    expect(outcome.results.stage('e')).toMatchObject({ ...blocked, reason: '"b" could not run' });
  });

  it('decides by the first failure, whatever fails later', async () => {
    const gate = new Gate();
    const rig = new Rig(
      [
        { name: 'late', run: () => gate.pass().then(throwing(new Error('late'))) },
        { name: 'early', run: throwing(new Error('early')) },
      ],
      { failurePolicy: 'continue' },
    );
    const run = rig.start();
    await settle();
    gate.open();
    const outcome = await run.result;
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ stage: 'early' });
    expect(outcome.results.failures.map(({ stage }) => stage)).toEqual(['late', 'early']);
  });
});

describe.each(['fail-fast', 'continue'] as const)('an optional upstream under %s', (failurePolicy) => {
  it('may fail: its dependents run, the run completes, and the failure is in the results', async () => {
    let seen: unknown;
    const rig = new Rig(
      [
        { name: 'profile', run: throwing(new Error('down')) },
        {
          name: 'page',
          dependsOn: [{ stage: 'profile', optional: true }],
          run: (ctx) => {
            seen = [ctx.inputs.from('profile'), ctx.inputs.from('profile', 'name'), ctx.inputs.status('profile')];
          },
        },
      ],
      { failurePolicy },
    );
    const outcome = await rig.outcome();
    expect(outcome.status).toBe('completed');
    expect(seen).toEqual([undefined, undefined, { status: 'fail', reason: 'down', skipCause: null }]);
    expect(outcome.results.failures.map(({ stage }) => stage)).toEqual(['profile']);
    expect(rig.story.at(-1)).toBe('pipeline.completed');
  });

  it('is not tolerated when it is a guard: what a guard refuses fails the run', async () => {
    const rig = new Rig(
      [
        { name: 'policy', kind: 'guard', run: throwing(new Error('denied')) },
        { name: 'page', dependsOn: [{ stage: 'policy', optional: true }] },
      ],
      { failurePolicy },
    );
    const outcome = await rig.outcome();
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error).toMatchObject({ stage: 'policy' });
  });

  it('is not tolerated when something else requires it', async () => {
    const rig = new Rig(
      [
        { name: 'profile', run: throwing(new Error('down')) },
        { name: 'page', dependsOn: [{ stage: 'profile', optional: true }] },
        { name: 'mail', dependsOn: ['profile'] },
      ],
      { failurePolicy },
    );
    expect((await rig.outcome()).status).toBe('failed');
  });
});

describe('whatever is thrown', () => {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const hostile = Object.defineProperties(new Error('x'), {
    message: { get: throwing(new Error('message')) },
    code: { get: throwing(new Error('code')) },
    retryable: { get: throwing(new Error('retryable')) },
  });
  const odd: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['an empty string', ''],
    ['a string', 'text'],
    ['zero', 0],
    ['a symbol', Symbol('s')],
    ['a function', () => 1],
    ['an object', { code: 1 }],
    ['an object without prototype', Object.create(null)],
    ['a frozen error', Object.freeze(new Error('frozen'))],
    ['an error whose message is no string', Object.assign(new Error('x'), { message: { a: 1 } })],
    ['an error with throwing getters', hostile],
    ['a revoked proxy', revoked.proxy],
  ];

  it.each(odd)('%s survives as the cause', async (_, thrown) => {
    for (const run of [throwing(thrown), () => Promise.reject(thrown), () => StageOutput.fail(thrown)]) {
      const rig = new Rig([{ name: 'a', run }]);
      const outcome = await rig.outcome();
      if (outcome.status !== 'failed') throw new Error(outcome.status);
      expect(Object.is(outcome.error.cause, thrown)).toBe(true);
      expect(Object.is(outcome.results.stage('a').failure?.error, thrown)).toBe(true);
      expect(typeof outcome.results.stage('a').reason).toBe('string');
      expect(outcome.error.code).toBe('STAGE_FAILED');
    }
  });
});

describe('misbehaving thenables', () => {
  const thenable = (value: (ok: (v: unknown) => void) => unknown): object =>
    Object.defineProperty({}, 'then', { value });
  class Rude extends Promise<object> {
    // biome-ignore lint/suspicious/noThenProperty: that is what this test is about
    override then(): never {
      throw new Error('rude');
    }
  }
  const unhandledWhile = async (action: () => Promise<void>): Promise<unknown[]> => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', listener);
    await action();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    return unhandled;
  };
  const cases: [string, () => unknown, string][] = [
    ['throws from then', () => thenable(throwing(new Error('rude'))), 'fail'],
    [
      'throws from a getter of then',
      () => Object.defineProperty({}, 'then', { get: throwing(new Error('rude')) }),
      'fail',
    ],
    ['throws from the then of a Promise subclass', () => new Rude(() => {}), 'fail'],
    ['fulfils twice', () => thenable((ok) => [ok({ n: 1 }), ok({ n: 2 })]), 'ok'],
    [
      'fulfils, then throws',
      () =>
        thenable((ok) => {
          ok({ n: 1 });
          throw new Error('rude');
        }),
      'ok',
    ],
    ['fulfils with itself promised', () => thenable((ok) => ok(Promise.resolve({ n: 1 }))), 'ok'],
  ];

  it.each(cases)('one that %s settles its stage once and harms nothing else', async (_, returned, status) => {
    for (const timeoutMs of [0, 50]) {
      const unhandled = await unhandledWhile(async () => {
        const rig = new Rig([
          { name: 'first', run: () => settle() },
          { name: 'a', run: returned, timeoutMs, dependsOn: ['first'] },
          { name: 'end', dependsOn: [{ stage: 'a', optional: true }] },
        ]);
        const outcome = await rig.outcome();
        expect(statusOf(outcome, 'a')).toBe(status);
        expect(statusOf(outcome, 'end')).toBe('ok');
        if (status === 'ok') expect(outcome.results.of('a')).toEqual({ n: 1 });
        else expect(outcome.results.stage('a').failure?.error).toMatchObject({ message: 'rude' });
        expect(rig.clock.pendingTimers).toBe(0);
      });
      expect(unhandled).toEqual([]);
    }
  });

  it('a revoked proxy is not an output', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const outcome = await new Rig([{ name: 'a', run: () => proxy }]).outcome();
    expect(outcome.status).toBe('failed');
  });
});

it('a retry request that nobody answers fails the stage, and says what is missing', async () => {
  const rig = new Rig([{ name: 'a', run: () => StageOutput.retry('busy', { afterMs: 5 }) }]);
  const error = await rejection(rig.engine.run(rig.bound));
  expect(error.failure).toMatchObject({ code: 'STAGE_RETRY_EXHAUSTED', retryable: true });
  expect(error.message).toContain('busy');
});
