import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  ApprovalService,
  type ApprovalServiceOptions,
  type ApprovalStore,
  approvers,
  MemoryApprovalStore,
  SqlApprovalStore,
  summariseApproval,
} from '../../../src/approvals/index.js';
import { AuthContext, OrgContext } from '../../../src/auth/index.js';
import type { StandardSchema } from '../../../src/contracts/index.js';
import { AppClosing } from '../../../src/errors/index.js';
import { MemorySink, type PipelineEvent } from '../../../src/events/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { openSqlite } from '../../../src/sql/sqlite/index.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { defineTool } from '../../../src/tools/index.js';

const ann = { auth: AuthContext.verified({ userId: 'ann', orgId: 'acme' }) };
const boss = { auth: AuthContext.verified({ userId: 'bob', orgId: 'acme', roles: ['approver'] }) };
const policy = approvers({ roles: ['approver'] });
const Payment = z.object({ amount: z.number().positive() });

let paid: number[];
let clock: ManualClock;
let sink: MemorySink;
let store: ApprovalStore;

const pay = defineTool({
  name: 'pay',
  description: 'Pays.',
  input: Payment,
  effect: 'irreversible',
  execute: ({ amount }) => ({ total: paid.push(amount) }),
});

const service = (options: Partial<ApprovalServiceOptions> = {}) =>
  new ApprovalService({
    store,
    policy,
    clock,
    ttlMs: 1_000,
    validate: (_request, input) => Payment.parse(input),
    ...options,
  });

const pipeline = new Pipeline('p').withTools(pay).withStage('s', async (ctx) => {
  const { status, output, error } = await ctx.tools.invoke({ id: 'c1', name: 'pay', arguments: { amount: 5 } });
  const { code, requestId = null } = (error ?? {}) as { code?: string; requestId?: string };
  return { status, output, code, asked: requestId !== null, reason: error?.message ?? null };
});

function start(approvals: ApprovalService) {
  sink = new MemorySink();
  return pipeline.build({ toolServices: { approvals }, sinks: [sink], clock }).start(ann);
}

/** The request that waits, once there is one. */
async function waiting(approvals: ApprovalService) {
  for (;;) {
    await settle();
    const { requests } = await approvals.pending(boss);
    if (requests[0] !== undefined) return requests[0];
  }
}

const types = () =>
  sink.events.map(({ type }: PipelineEvent) => type).filter((type) => /^(?:tool|approval)\./.test(type));
const decided = () => sink.events.find(({ type }) => type === 'approval.decided');

beforeEach(() => {
  paid = [];
  clock = new ManualClock();
  store = new MemoryApprovalStore();
});

describe('a call that needs an approval', () => {
  it('goes on when somebody approves it, and says who', async () => {
    const approvals = service();
    const run = start(approvals);
    const { id } = await waiting(approvals);
    expect(types()).toEqual(['tool.invoked', 'approval.requested']);
    const request = await approvals.approve(id, boss, 'go on');
    expect(request).toMatchObject({
      status: 'approved',
      decision: { by: { kind: 'user', id: 'bob' }, reason: 'go on' },
    });
    expect((await run.result).status).toBe('completed');
    expect(types()).toEqual([
      ...['tool.invoked', 'approval.requested', 'approval.decided'],
      ...['tool.started', 'tool.completed'],
    ]);
    expect(decided()).toMatchObject({ status: 'approved', decidedBy: 'bob', via: 'identity', requestId: id });
    expect([paid, approvals.waiting, clock.pendingTimers]).toEqual([[5], 0, 0]);
  });

  it('is denied with the reason and the request when somebody denies it', async () => {
    const approvals = service();
    const run = start(approvals);
    const { id } = await waiting(approvals);
    await approvals.deny(id, boss, 'too risky');
    const outcome = await run.result;
    expect(outcome.results.of('s')).toMatchObject({ status: 'denied', code: 'TOOL_DENIED', asked: true });
    expect(types()).toEqual(['tool.invoked', 'approval.requested', 'approval.decided', 'tool.denied']);
    const denied = sink.events.find(({ type }) => type === 'tool.denied');
    expect(denied).toMatchObject({ reason: 'approval-denied', requestId: id });
    expect(denied).toHaveProperty('message', expect.stringContaining('too risky'));
    expect(paid).toEqual([]);
  });

  it('is cancelled, which is no denial, when its request is taken back', async () => {
    const approvals = service();
    const run = start(approvals);
    const { id } = await waiting(approvals);
    await approvals.cancel(id, ann, 'not needed any more');
    expect((await run.result).results.of('s')).toMatchObject({ status: 'cancelled', code: 'TOOL_CANCELLED' });
    expect(types().at(-1)).toBe('tool.cancelled');
    expect(decided()).toMatchObject({ status: 'cancelled', reason: 'not needed any more' });
  });

  it('closes its request when the run is cancelled', async () => {
    const approvals = service();
    const run = start(approvals);
    const { id } = await waiting(approvals);
    run.cancel('changed my mind');
    await run.result;
    expect(types().slice(-2)).toEqual(['tool.cancelled', 'approval.decided']);
    expect(await store.find(id)).toMatchObject({ status: 'cancelled', decision: { by: null, via: 'system' } });
    expect([approvals.waiting, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('expires on the clock, with one timer however many wait', async () => {
    const approvals = service();
    const many = [start(approvals), start(approvals), start(approvals)];
    await waiting(approvals);
    expect([approvals.waiting, clock.pendingTimers]).toEqual([3, 1]);
    await clock.advance(1_000);
    for (const run of many) {
      const { status, reason } = (await run.result).results.of('s');
      expect([status, reason]).toEqual(['denied', expect.stringContaining('nobody decided in time')]);
    }
    expect(decided()).toMatchObject({ status: 'expired', decidedBy: null, via: 'system' });
    expect([approvals.waiting, clock.pendingTimers, paid]).toEqual([0, 0, []]);
  });

  it('gets the input that the approver edited, checked again', async () => {
    const approvals = service();
    const run = start(approvals);
    const { id } = await waiting(approvals);
    const edited = await approvals.approveEdited(id, boss, { amount: 3 });
    expect(summariseApproval(edited)).toBe(
      'pay (irreversible), asked for by user ann in stage "s" of "p": approved, edited\n' +
        '--- input\n+++ input\n@@ -1,3 +1,3 @@\n {\n-  "amount": 5\n+  "amount": 3\n }\n',
    );
    await run.result;
    expect(paid).toEqual([3]);
    expect(decided()).toMatchObject({ edited: true });
  });

  it('waits on while what approvers do cannot be done (APPROVAL_UNKNOWN, APPROVAL_EDIT_INVALID)', async () => {
    const approvals = service();
    const run = start(approvals);
    const { id } = await waiting(approvals);
    await expect(approvals.approve('other', boss)).rejects.toMatchObject({ code: 'APPROVAL_UNKNOWN' });
    const edited = approvals.approveEdited(id, boss, { amount: -3 });
    await expect(edited).rejects.toMatchObject({ code: 'APPROVAL_EDIT_INVALID', cause: expect.any(z.ZodError) });
    await approvals.approve(id, boss);
    await run.result;
    expect(paid).toEqual([5]);
  });

  it('is denied if what keeps requests breaks', async () => {
    const broken = () => Promise.reject(new Error('disk full'));
    for (const part of ['latest', 'add', 'find', 'use'] as const) {
      store = Object.assign(new MemoryApprovalStore(), { [part]: broken });
      const approvals = service();
      const run = start(approvals);
      await settle();
      if (part === 'use') await approvals.approve((await waiting(approvals)).id, boss);
      expect((await run.result).results.of('s'), part).toMatchObject({ status: 'denied' });
      expect([approvals.waiting, paid]).toEqual([0, []]);
    }
  });
});

it('a tool that cannot be described to an approver is denied, with what to do about it', async () => {
  const anything = {
    '~standard': { version: 1, vendor: 'own', validate: (value: unknown) => ({ value: value as object }) },
  };
  const odd = defineTool({
    ...{ name: 'odd', description: 'Odd.', input: anything as StandardSchema<object, object>, effect: 'irreversible' },
    execute: () => 1,
  });
  const pipeline = new Pipeline('p').withTools(odd).withStage('s', async ({ tools }) => {
    const { error } = await tools.invoke({ id: 'c', name: 'odd', arguments: {} });
    return { message: error?.message ?? '' };
  });
  const { message } = (await pipeline.build({ toolServices: { approvals: service() } }).run()).of('s');
  expect(message).toContain('the approval could not be asked for: Contract own schema has no JSON Schema');
  expect(message).toContain('Give a converter');
  expect(message).not.toContain('Configure approvals');
});

describe('after a restart', () => {
  it.each(['approve', 'deny'] as const)('a run finds its request, and what was decided meanwhile: %s', async (how) => {
    const database = openSqlite(':memory:');
    store = new SqlApprovalStore(database);
    const before = service();
    void call(before);
    const { id } = await waiting(before);
    before.close(); // the process ends
    await settle();

    store = new SqlApprovalStore(database);
    const desk = service();
    if (how === 'approve') await desk.approve(id, boss);
    else await desk.deny(id, boss, 'no');
    const after = service();
    const outcome = await call(after);
    expect(outcome).toMatchObject({ status: how === 'approve' ? 'approved' : 'denied', requestId: id });
    if (how === 'deny') return;
    // It counts once: what asks again has to wait again.
    const again = call(after);
    const second = await waiting(after);
    expect([second.id === id, second.round]).toEqual([false, 2]);
    await after.deny(second.id, boss, 'once is enough');
    expect((await again).status).toBe('denied');
  });

  it('a call that was certainly never started goes on with the approval that its process died with, once', async () => {
    const { signal } = new AbortController();
    const sure = { ...gated(), neverStarted: true };
    const before = service();
    const first = before.request(sure, signal);
    const { id } = await waiting(before);
    await before.approve(id, boss);
    expect((await first).status).toBe('approved');
    const after = service();
    const twice = [after.request(sure, signal), after.request(sure, signal)];
    expect(await Promise.race(twice)).toMatchObject({ status: 'approved', requestId: id, decidedBy: 'bob' });
    const second = await waiting(after);
    expect([second.id === id, second.round]).toEqual([false, 2]);
    await after.deny(second.id, boss, 'once is enough');
    expect((await Promise.all(twice)).map(({ status }) => status).sort()).toEqual(['approved', 'denied']);
  });

  it('a call that may have been started is asked for again, and so is one in the same process', async () => {
    const { signal } = new AbortController();
    const sure = { ...gated(), neverStarted: true };
    const before = service();
    const first = before.request(sure, signal);
    const { id } = await waiting(before);
    await before.approve(id, boss);
    await first;
    for (const [approvals, again] of [
      [before, sure],
      [service(), gated()],
    ] as const) {
      const controller = new AbortController();
      const asked = approvals.request(again, controller.signal);
      expect((await waiting(approvals)).id).not.toBe(id);
      controller.abort();
      expect((await asked).status).toBe('cancelled');
    }
  });

  it('a run waits on for a request that is still open', async () => {
    const before = service();
    const controller = new AbortController();
    const first = before.request(gated(), controller.signal);
    const { id } = await waiting(before);
    before.close();
    expect(await first).toMatchObject({ status: 'cancelled', requestId: id });
    expect(await before.request(gated(), controller.signal)).toMatchObject({ status: 'cancelled' });
    const after = service();
    const events: object[] = [];
    const second = after.request({ ...gated(), emit: (event) => events.push(event) }, controller.signal);
    expect((await waiting(after)).id).toBe(id);
    await after.approve(id, boss);
    expect((await second).status).toBe('approved');
    expect(events).toMatchObject([{ restored: true }, { decidedBy: 'bob' }]);
  });

  it('who cancels a run with the words of a closing application closes its request all the same', async () => {
    const approvals = service();
    const controller = new AbortController();
    const asked = approvals.request({ ...gated(), resumable: true }, controller.signal);
    const { id } = await waiting(approvals);
    controller.abort(new AppClosing().message);
    expect((await asked).status).toBe('cancelled');
    expect(await store.find(id)).toMatchObject({ status: 'cancelled' });
  });

  it.each([
    ['leaves the request of a run that is written down open', true, 'pending'],
    ['closes the request of a run that is not, and so never asks again', false, 'cancelled'],
  ])('an application that closes %s', async (_what, resumable, status) => {
    const approvals = service();
    const closing = new AbortController();
    const first = approvals.request({ ...gated(), resumable }, closing.signal);
    const { id } = await waiting(approvals);
    closing.abort(new AppClosing());
    expect(await first).toMatchObject({ status: 'cancelled', requestId: id });
    expect(await store.find(id)).toMatchObject({ status });
    if (!resumable) return;
    const after = service();
    const second = after.request({ ...gated(), resumable }, new AbortController().signal);
    expect((await waiting(after)).id).toBe(id);
    await after.approve(id, boss);
    expect((await second).status).toBe('approved');
  });

  it('a run that somebody has cancelled closes its request, written down or not', async () => {
    const approvals = service();
    const controller = new AbortController();
    const answer = approvals.request({ ...gated(), resumable: true }, controller.signal);
    const { id } = await waiting(approvals);
    controller.abort('changed my mind');
    expect((await answer).status).toBe('cancelled');
    expect(await store.find(id)).toMatchObject({ status: 'cancelled' });
  });

  it.each([
    ['the input', { inputDigest: 'other' }],
    ['the tool', { toolFingerprint: 'other' }],
    ['the caller', { auth: AuthContext.verified({ userId: 'eve', orgId: 'acme' }) }],
  ])('a change of %s asks again, and ends the request that there was', async (_what, change) => {
    const approvals = service();
    const { signal } = new AbortController();
    void approvals.request(gated(), signal);
    const { id } = await waiting(approvals);
    const changed = approvals.request({ ...gated(), ...change }, signal);
    await settle();
    await expect(approvals.approve(id, boss)).rejects.toMatchObject({ code: 'APPROVAL_SETTLED' });
    const [request] = (await approvals.pending(boss)).requests;
    expect(request?.id).not.toBe(id);
    await approvals.approve(request?.id as string, boss);
    expect(await changed).toMatchObject({ status: 'approved', requestId: request?.id });
  });
});

describe('decisions of other processes', () => {
  it('are found by one shared timer', async () => {
    const database = openSqlite(':memory:');
    store = new SqlApprovalStore(database);
    const [here, there] = [service({ pollMs: 100 }), service()];
    const calls = [call(here, 'a'), call(here, 'b')];
    await waiting(here);
    await settle();
    expect([here.waiting, clock.pendingTimers]).toEqual([2, 2]);
    for (const { id } of (await there.pending(boss)).requests) await there.approve(id, boss);
    await clock.advance(100);
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(['approved', 'approved']);
    expect([here.waiting, clock.pendingTimers]).toEqual([0, 0]);
  });

  it('are looked for again if the store could not be asked', async () => {
    store = new SqlApprovalStore(openSqlite(':memory:'));
    const [here, there] = [service({ pollMs: 100 }), service()];
    const one = call(here);
    const { id } = await waiting(here);
    const { settled } = store;
    Object.assign(store, { settled: () => Promise.reject(new Error('locked')) });
    await there.approve(id, boss);
    await clock.advance(100);
    expect(here.waiting).toBe(1);
    Object.assign(store, { settled });
    await clock.advance(100);
    expect((await one).status).toBe('approved');
  });
});

describe('what is pending', () => {
  it('is shown in pages: to approvers what they may decide on, to others what they asked for', async () => {
    const approvals = service();
    for (const callKey of ['a', 'b', 'c']) {
      void call(approvals, callKey);
      await clock.advance(1);
    }
    void call(approvals, 'd', { auth: boss.auth });
    await settle();
    const first = await approvals.pending(boss, { limit: 2 });
    const second = await approvals.pending(boss, { limit: 2, after: first.next as string });
    expect([first.requests.length, second.requests.length, second.next === null]).toEqual([2, 1, false]); // not their own
    expect((await approvals.pending(boss, { after: second.next as string })).requests).toEqual([]);
    expect((await approvals.pending(ann)).requests).toEqual([]);
    expect((await approvals.pending(ann, { mine: true })).requests).toHaveLength(3);
    expect((await approvals.pending({ auth: AuthContext.anonymous })).requests).toEqual([]);
    expect((await approvals.get(first.requests[0]?.id as string, ann)).input).toEqual({ amount: 5 });
    await clock.advance(1_000);
    expect((await approvals.pending(boss)).requests).toEqual([]);
  });

  it('is forgotten after its time, and its end is', async () => {
    const approvals = service();
    const one = call(approvals);
    await approvals.deny((await waiting(approvals)).id, boss, 'no');
    await one;
    expect(await approvals.purge({ olderThanMs: 10 })).toBe(0);
    await clock.advance(11);
    expect(await approvals.purge({ olderThanMs: 10 })).toBe(1);
  });
});

describe('tokens', () => {
  const keys = [{ id: 'k1', secret: 's'.repeat(32) }];
  const withTokens = (present: object | null = boss) =>
    service({ tokens: { keys, audience: 'app', approver: () => present as never } });

  it('decide as the approver they name, and count as decided by them', async () => {
    const approvals = withTokens();
    const one = call(approvals);
    const { id } = await waiting(approvals);
    const token = await approvals.issueToken(id, boss);
    const request = await approvals.redeem(token, 'approve');
    expect(request.decision).toMatchObject({ by: { id: 'bob' }, via: 'token' });
    expect((await one).status).toBe('approved');
    await expect(approvals.redeem(token, 'deny', 'no')).rejects.toMatchObject({ code: 'APPROVAL_SETTLED' });
  });

  it('of an older key hold while that key is kept', async () => {
    const approvals = withTokens();
    void call(approvals);
    const token = await approvals.issueToken((await waiting(approvals)).id, boss);
    const fresh = { id: 'k2', secret: 't'.repeat(32) };
    const tokens = { audience: 'app', approver: () => boss };
    const rotated = service({ tokens: { ...tokens, keys: [fresh, ...keys] } });
    const replaced = service({ tokens: { ...tokens, keys: [fresh] } });
    await expect(replaced.redeem(token, 'approve')).rejects.toMatchObject({ code: 'APPROVAL_TOKEN_INVALID' });
    expect((await rotated.redeem(token, 'approve')).status).toBe('approved');
  });
});

it('nothing is made with options that cannot work', () => {
  const code = 'APPROVAL_OPTION_INVALID';
  const bad: (() => unknown)[] = [
    () => service({ policy: undefined as never }),
    () => service({ store: {} as never }),
    () => service({ ttlMs: 0 }),
    () => service({ pollMs: Number.NaN }),
    () => approvers({}),
    () => approvers({ roles: ['a'], fourEyes: 'no' as never }),
    () => service({ tokens: { keys: [], audience: 'app', approver: () => null } }),
    () => service({ tokens: { keys: [{ id: 'k', secret: 'short' }], audience: 'app', approver: () => null } }),
    () => service({ tokens: { keys: [{ id: 'k', secret: 's'.repeat(32) }], audience: '', approver: () => null } }),
  ];
  for (const make of bad) expect(make).toThrow(expect.objectContaining({ code }));
});

function gated(callKey = 's/=c1', { auth } = ann) {
  return {
    runId: 'run-1',
    callId: callKey,
    callKey,
    pipeline: 'p',
    stage: 's',
    tool: { name: 'pay', effect: 'irreversible' as const, description: 'Pays.' },
    toolFingerprint: 'f',
    input: { amount: 5 },
    inputDigest: 'd',
    auth,
    org: OrgContext.none,
  };
}

function call(approvals: ApprovalService, callKey?: string, by = ann) {
  return approvals.request(gated(callKey, by), new AbortController().signal);
}
