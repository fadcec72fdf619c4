/* Ways to forge, repeat, outlive, cross or race an undo. By default, each is refused and undoes nothing. */
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Decider,
  MemoryUndoStore,
  UndoService,
  type UndoServiceOptions,
  type UndoState,
} from '../../src/approvals/index.js';
import { AuthContext, OrgContext } from '../../src/index.js';
import { Gate, ManualClock } from '../../src/testing/index.js';

const user = (userId: string, orgId: string | null = 'acme', roles: readonly string[] = []): Decider => ({
  auth: AuthContext.verified({ userId, orgId, roles }),
});
const ann = user('ann');
const stranger = user('ann', 'umbrella', ['admin']);
const acme = OrgContext.verified({ orgId: 'acme' });
const TTL_MS = 10_000;
const LIMIT_MS = 1_000;

let clock: ManualClock;
let store: MemoryUndoStore;
let undone: string[];
let undo: UndoService;

const service = (options: Partial<UndoServiceOptions> = {}) =>
  new UndoService({
    store,
    handlerOf: () => (record) => void undone.push(record.callId),
    clock,
    ttlMs: TTL_MS,
    timeoutMs: LIMIT_MS,
    ...options,
  });

const made = (callId: string, by: Decider = ann, runId = 'run') => {
  const record = { runId, callId, tool: 'edit', input: {}, data: {}, output: {} };
  return undo.record(record, { auth: by.auth, org: OrgContext.none });
};

/** As if another process had left it so. */
async function left(state: UndoState): Promise<void> {
  const [entry] = await store.ofCall('acme', 'c1');
  if (entry === undefined) throw new Error('There is no entry.');
  const claim = state === 'ready' ? null : { id: 'x', by: { kind: 'user', id: 'ann' }, at: clock.now() };
  await store.replace({ ...entry, state, claim }, { state: entry.state, claimId: null });
}

beforeEach(async () => {
  clock = new ManualClock();
  store = new MemoryUndoStore();
  undone = [];
  undo = service();
  await made('c1');
});

type Attack = readonly [name: string, code: string, attempt: () => Promise<unknown>];

function refused(attacks: readonly Attack[]): void {
  it.each(attacks)('%s: %s', async (_name, code, attempt) => {
    await expect(attempt()).rejects.toMatchObject({ code: `UNDO_${code}` });
    expect(undone).toEqual([]);
    await undo.undo('c1', ann); // and it can still be undone by whoever may
  });
}

describe('forged identities', () => {
  const { auth } = ann;
  const forged = (fake: object, org?: OrgContext) => () =>
    undo.undo('c1', { auth: fake as AuthContext, ...(org === undefined ? {} : { org }) });
  refused([
    ['nobody', 'UNKNOWN', () => undo.undo('c1', undefined as never)],
    ['no identity', 'UNKNOWN', () => undo.undo('c1', {} as never)],
    ['an object that looks like one', 'UNKNOWN', forged({ ...auth })],
    ['one that went through JSON', 'UNKNOWN', forged(JSON.parse(JSON.stringify(auth)))],
    ['the prototype of one', 'UNKNOWN', forged(Object.assign(Object.create(AuthContext.prototype), { orgId: 'acme' }))],
    ['a proxy of one', 'UNKNOWN', forged(new Proxy(auth, {}))],
    ['an organisation that looks like one', 'UNKNOWN', forged(auth, { orgId: 'acme' } as OrgContext)],
    ['an anonymous caller', 'UNKNOWN', forged(AuthContext.anonymous)],
    ['an anonymous caller of the tenant', 'FORBIDDEN', forged(AuthContext.anonymous, acme)],
    [
      'an anonymous caller, where everybody may',
      'FORBIDDEN',
      () => service({ policy: { mayUndo: () => true } }).undo('c1', { auth: AuthContext.anonymous, org: acme }),
    ],
    ['nobody, of the run', 'UNKNOWN', () => undo.undoRun('run', undefined as never)],
    [
      'an object that looks like one, of the run',
      'UNKNOWN',
      () => undo.undoRun('run', { auth: { ...auth } as AuthContext }),
    ],
  ]);
});

describe('people who may not undo', () => {
  const robot = AuthContext.verified({ kind: 'service-account', clientId: 'ann', orgId: 'acme' });
  const policy = (given: unknown) => () => service({ policy: { mayUndo: () => given as boolean } }).undo('c1', ann);
  refused([
    ['a colleague', 'FORBIDDEN', () => undo.undo('c1', user('bob'))],
    ['a colleague who names the run', 'FORBIDDEN', () => undo.undo('c1', user('bob'), { runId: 'run' })],
    ['a colleague who says it again', 'FORBIDDEN', () => undo.undo('c1', user('bob'), { again: true })],
    ['an admin, where no role was given', 'FORBIDDEN', () => undo.undo('c1', user('root', 'acme', ['admin']))],
    ['a service account of that name', 'FORBIDDEN', () => undo.undo('c1', { auth: robot })],
    ['a user in other letters', 'FORBIDDEN', () => undo.undo('c1', user('Ann'))],
    ...[undefined, null, 1, 'yes', {}, [], { allowed: true }].map(
      (given): Attack => [`a policy that answers ${JSON.stringify(given)}`, 'FORBIDDEN', policy(given)],
    ),
    ['a policy that rejects', 'FORBIDDEN', () => service({ policy: { mayUndo: async () => fail() } }).undo('c1', ann)],
    ['a policy that throws', 'FORBIDDEN', () => service({ policy: { mayUndo: () => fail() } }).undo('c1', ann)],
  ]);

  it('do not undo with the run either: their calls and those of others stand', async () => {
    expect((await undo.undoRun('run', user('bob'))).stands).toMatchObject([{ callId: 'c1' }]);
    await made('c2', user('bob'));
    const { undone: own, stands } = await undo.undoRun('run', user('bob'));
    expect([own, stands]).toMatchObject([[{ callId: 'c2' }], [{ callId: 'c1' }]]);
    expect(undone).toEqual(['c2']);
  });

  it('are all there are, for what an anonymous caller did', async () => {
    undo = service();
    const record = { runId: 'run', callId: 'c9', tool: 'edit', input: {}, data: {}, output: {} };
    await undo.record(record, { auth: AuthContext.anonymous, org: acme });
    for (const by of [ann, { auth: AuthContext.anonymous, org: acme }]) {
      await expect(undo.undo('c9', by)).rejects.toMatchObject({ code: 'UNDO_FORBIDDEN' });
    }
  });
});

describe('other tenants', () => {
  refused([
    ['the call', 'UNKNOWN', () => undo.undo('c1', stranger)],
    ['the call, with its run', 'UNKNOWN', () => undo.undo('c1', stranger, { runId: 'run' })],
    ['the call, again', 'UNKNOWN', () => undo.undo('c1', stranger, { again: true })],
    ['the run', 'UNKNOWN', () => undo.undoRun('run', stranger)],
    ['no tenant', 'UNKNOWN', () => undo.undo('c1', user('ann', null))],
    ['no tenant, the run', 'UNKNOWN', () => undo.undoRun('run', user('ann', null))],
    ['a tenant called alike', 'UNKNOWN', () => undo.undo('c1', user('ann', 'Acme'))],
    ['one who says it acts here', 'UNKNOWN', () => undo.undo('c1', { ...stranger, org: acme })],
    ['one who acts elsewhere', 'UNKNOWN', () => undo.undo('c1', { ...ann, org: OrgContext.verified({ orgId: 'b' }) })],
  ]);

  it('with the same ids undo their own call only, and cannot tell others from none', async () => {
    await made('c1', stranger);
    await undo.undo('c1', stranger);
    expect((await store.ofCall('acme', 'c1'))[0]?.state).toBe('ready');
    const messages = await Promise.all(
      ['run', 'none'].map((run) => undo.undoRun(run, user('x', 'third')).catch(({ message }: Error) => message)),
    );
    expect(messages[0]).toBe(messages[1]);
  });

  it('get nothing kept in their name: a caller whose tenant contradicts itself is refused', async () => {
    const record = { runId: 'run', callId: 'c9', tool: 'edit', input: {}, data: {}, output: {} };
    const caller = { auth: stranger.auth, org: acme };
    await expect(undo.record(record, caller)).rejects.toMatchObject({ code: 'UNDO_OPTION_INVALID' });
    expect(await store.ofCall('acme', 'c9')).toEqual([]);
  });
});

describe('ids that are none', () => {
  const odd = ['', '%', '*', "' OR 1=1 --", '__proto__', 'edit', null, undefined, 1, {}, []];
  refused([
    ...odd.map((what): Attack => [JSON.stringify(what) ?? 'undefined', 'UNKNOWN', () => undo.undo(what as never, ann)]),
    ['another run', 'UNKNOWN', () => undo.undo('c1', ann, { runId: 'other' })],
    ['a run that is none', 'UNKNOWN', () => undo.undoRun('%', ann)],
    ['the call as a run', 'UNKNOWN', () => undo.undoRun('c1', ann)],
  ]);
});

describe('what cannot be undone', () => {
  it.each([
    ['a call that was undone', () => undo.undo('c1', ann), 'NOT_POSSIBLE', ['c1']],
    ['a call that is too old', () => clock.advance(TTL_MS), 'NOT_POSSIBLE', []],
    ['a call that somebody is undoing', () => left('undoing'), 'NOT_POSSIBLE', []],
    ['a call that has not ended', () => left('open'), 'NOT_POSSIBLE', []],
    ['a call of unknown outcome', () => left('unknown'), 'OUTCOME_UNKNOWN', []],
    ['a call whose undo failed', () => left('failed'), 'FAILED', []],
  ] as const)('%s stays as it is, with its run, too', async (_name, before, code, effects) => {
    await before();
    const { state } = (await store.ofCall('acme', 'c1'))[0] as { state: UndoState };
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: `UNDO_${code}` });
    await undo.undoRun('run', ann);
    expect([undone, (await store.ofCall('acme', 'c1'))[0]?.state]).toEqual([effects, state]);
  });

  it.each(['undone', 'undoing', 'open'] as const)('is not undone by saying it again: %s', async (state) => {
    await left(state);
    await expect(undo.undo('c1', ann, { again: true })).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    expect(undone).toEqual([]);
  });

  it.each([1, 'yes', {}, []])('is not undone by saying %j instead of true', async (again) => {
    await left('failed');
    await expect(undo.undo('c1', ann, { again: again as never })).rejects.toMatchObject({ code: 'UNDO_FAILED' });
    expect(undone).toEqual([]);
  });

  it.each([undefined, null, 'undo', {}])('is a call whose tool is %j by now', async (handler) => {
    const after = service({ handlerOf: () => handler as never });
    await expect(after.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    expect((await after.undoRun('run', ann)).failed).toMatchObject([{ callId: 'c1' }]);
  });
});

describe('races', () => {
  it('of many for one call have one effect', async () => {
    const others = Array.from({ length: 10 }, () => service());
    const results = await Promise.allSettled([...others, undo].map((one) => one.undo('c1', ann)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(undone).toEqual(['c1']);
  });

  it('of many for one run undo each call once', async () => {
    for (const call of ['c2', 'c3']) await made(call);
    await Promise.all([undo.undoRun('run', ann), service().undoRun('run', ann), service().undoRun('run', ann)]);
    expect([...undone].sort()).toEqual(['c1', 'c2', 'c3']);
  });

  it('of one who says it again with one who is late leave one result', async () => {
    const gate = new Gate();
    const slow = service({ handlerOf: () => () => gate.pass() }).undo('c1', ann);
    const refusal = expect(slow).rejects.toMatchObject({ code: 'UNDO_OUTCOME_UNKNOWN' });
    await gate.reached;
    await clock.advance(LIMIT_MS); // it took too long
    await refusal;
    await undo.undo('c1', ann, { again: true });
    gate.open(); // and is late
    await clock.advance(0);
    expect([undone, (await store.ofCall('acme', 'c1'))[0]?.state]).toEqual([['c1'], 'undone']);
  });

  it('of an undo with the call itself: what ends after it was undone is reported, and not undoable anew', async () => {
    const caller = { auth: ann.auth, org: OrgContext.none };
    const call = { runId: 'run', callId: 'c5', tool: 'edit', input: {} };
    const opened = await undo.opened(call, caller);
    await clock.advance(LIMIT_MS);
    await undo.undo('c5', ann, { again: true });
    const late = undo.record({ ...call, data: {}, output: {} }, caller, opened);
    await expect(late).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    await expect(undo.undo('c5', ann)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    expect(undone).toEqual(['c5']);
  });
});

function fail(): never {
  throw new Error('down');
}
