/* Ways to forge, replay, edit, outlive, cross or race an approval. By default, each is refused and changes nothing. */
import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ApprovalService,
  type ApprovalServiceOptions,
  type ApproverPolicy,
  approvers,
  type Decider,
  MemoryApprovalStore,
} from '../../src/approvals/index.js';
import { AuthContext, type GatedCall, OrgContext } from '../../src/index.js';
import { ManualClock } from '../../src/testing/index.js';

const user = (userId: string, orgId: string | null = 'acme', roles: readonly string[] = []): Decider => ({
  auth: AuthContext.verified({ userId, orgId, roles }),
});
const ann = user('ann');
const boss = user('bob', 'acme', ['approver']);
const mallory = user('mallory');
const stranger = user('sue', 'umbrella', ['approver']);
const secret = 'the-secret-of-this-test-is-32-bytes-long';
const TTL_MS = 1_000;

let clock: ManualClock;
let store: MemoryApprovalStore;
let present: (...who: unknown[]) => unknown;
let approvals: ApprovalService;
let id: string;
let token: string;
let outcome: { status: string } | null;

const service = (options: Partial<ApprovalServiceOptions> = {}) =>
  new ApprovalService({
    store,
    policy: approvers({ roles: ['approver'] }),
    clock,
    ttlMs: TTL_MS,
    validate: (_request, input) => {
      if (typeof (input as { amount?: unknown })?.amount !== 'number') throw new Error('amount is no number');
    },
    tokens: { keys: [{ id: 'k', secret }], audience: 'app', approver: (...who) => present(...who) as Decider },
    ...options,
  });

const call = (changes: Partial<GatedCall> = {}): GatedCall => ({
  runId: 'run',
  callId: 'c1',
  callKey: 's/=c1',
  pipeline: 'p',
  stage: 's',
  tool: { name: 'pay', effect: 'irreversible', description: 'Pays.' },
  toolFingerprint: 'fingerprint',
  input: { amount: 5 },
  inputDigest: 'digest',
  auth: ann.auth,
  org: OrgContext.none,
  ...changes,
});

const ask = (by: ApprovalService, changes: Partial<GatedCall> = {}) =>
  by.request(call(changes), new AbortController().signal);

beforeEach(async () => {
  clock = new ManualClock();
  store = new MemoryApprovalStore();
  present = () => boss;
  approvals = service();
  outcome = null;
  void ask(approvals).then((answer) => {
    outcome = answer;
  });
  await clock.advance(1);
  id = (await approvals.pending(boss)).requests[0]?.id as string;
  token = await approvals.issueToken(id, boss);
});

type Attack = readonly [name: string, code: string, attempt: () => Promise<unknown>];

/** Each is refused with its code, after which the request is still open and the call still waits. */
function refused(attacks: readonly Attack[]): void {
  it.each(attacks)('%s: %s', async (_name, code, attempt) => {
    const before = await store.find(id);
    await expect(attempt()).rejects.toMatchObject({ code: `APPROVAL_${code}` });
    await clock.advance(0);
    expect(await store.find(id)).toEqual(before);
    expect([outcome, approvals.waiting]).toEqual([null, 1]);
  });
}

describe('forged identities', () => {
  const { auth } = boss;
  const forged = (fake: object, org?: OrgContext) => () =>
    approvals.approve(id, { auth: fake as AuthContext, ...(org === undefined ? {} : { org }) });
  refused([
    ['nobody', 'UNKNOWN', () => approvals.approve(id, undefined as never)],
    ['no identity', 'UNKNOWN', () => approvals.approve(id, {} as never)],
    ['an object that looks like one', 'UNKNOWN', forged({ ...auth })],
    ['one that went through JSON', 'UNKNOWN', forged(JSON.parse(JSON.stringify(auth)))],
    ['the prototype of one', 'UNKNOWN', forged(Object.assign(Object.create(AuthContext.prototype), { orgId: 'acme' }))],
    ['a proxy of one', 'UNKNOWN', forged(new Proxy(auth, {}))],
    ['one with a genuine one behind it', 'UNKNOWN', forged(Object.create(auth))],
    ['an organisation that looks like one', 'UNKNOWN', forged(auth, { orgId: 'acme' } as OrgContext)],
    ['an anonymous caller', 'UNKNOWN', forged(AuthContext.anonymous)],
    [
      'an anonymous caller of the tenant',
      'FORBIDDEN',
      forged(AuthContext.anonymous, OrgContext.verified({ orgId: 'acme' })),
    ],
  ]);
});

it('an anonymous caller decides nothing, where everybody may either', async () => {
  const by = { auth: AuthContext.anonymous, org: OrgContext.verified({ orgId: 'acme' }) };
  const lax = service({ policy: { mayDecide: () => true } });
  await expect(lax.approve(id, by)).rejects.toMatchObject({ code: 'APPROVAL_FORBIDDEN' });
  expect(outcome).toBeNull();
});

describe('people who may not decide', () => {
  const by = (who: Decider) => () => approvals.approve(id, who);
  const withAuth = (init: object) => by({ auth: AuthContext.verified({ userId: 'm', orgId: 'acme', ...init }) });
  refused([
    ['a colleague without a role', 'FORBIDDEN', by(mallory)],
    ['the one who asked', 'FORBIDDEN', by(ann)],
    ['the one who asked, with the role', 'FORBIDDEN', by(user('ann', 'acme', ['approver']))],
    ['a role in other letters', 'FORBIDDEN', withAuth({ roles: ['Approver'] })],
    ['a role that begins alike', 'FORBIDDEN', withAuth({ roles: ['approver2'] })],
    ['a scope of that name', 'FORBIDDEN', withAuth({ scopes: ['approver'] })],
    ['a claim of that name', 'FORBIDDEN', withAuth({ claims: { roles: ['approver'] } })],
    ['a colleague who denies', 'FORBIDDEN', () => approvals.deny(id, mallory, 'no')],
    ['a colleague who edits', 'FORBIDDEN', () => approvals.approveEdited(id, mallory, { amount: 1 })],
    ['a colleague who takes it back', 'FORBIDDEN', () => approvals.cancel(id, mallory)],
    ['a colleague who looks', 'FORBIDDEN', () => approvals.get(id, mallory)],
    ['the one who asked, denying', 'FORBIDDEN', () => approvals.deny(id, ann, 'no')],
  ]);

  it('are all there are, for the call of an anonymous caller', async () => {
    void ask(approvals, { auth: AuthContext.anonymous, org: OrgContext.verified({ orgId: 'acme' }), callKey: 'x' });
    await clock.advance(1);
    const [own] = await store.pending({ tenant: 'acme', limit: 1, after: { requestedAt: clock.now() - 1, id: '' } });
    await expect(approvals.approve(own?.id as string, boss)).rejects.toMatchObject({ code: 'APPROVAL_FORBIDDEN' });
  });
});

describe('policies that do not say yes', () => {
  const answer = (given: unknown) => () =>
    service({ policy: { mayDecide: () => given } as ApproverPolicy }).approve(id, boss);
  refused([
    ['throws', 'FORBIDDEN', () => service({ policy: { mayDecide: () => fail('down') } }).approve(id, boss)],
    ['rejects', 'FORBIDDEN', () => service({ policy: { mayDecide: async () => fail('down') } }).approve(id, boss)],
    ...[undefined, null, 1, 'yes', {}, [], { allowed: 'true' }, { allowed: 1 }].map(
      (given): Attack => [`answers ${JSON.stringify(given)}`, 'FORBIDDEN', answer(given)],
    ),
  ]);
});

describe('other tenants', () => {
  refused([
    ['approves', 'UNKNOWN', () => approvals.approve(id, stranger)],
    ['denies', 'UNKNOWN', () => approvals.deny(id, stranger, 'no')],
    ['edits', 'UNKNOWN', () => approvals.approveEdited(id, stranger, { amount: 1 })],
    ['takes back', 'UNKNOWN', () => approvals.cancel(id, stranger)],
    ['looks', 'UNKNOWN', () => approvals.get(id, stranger)],
    ['has a token made', 'UNKNOWN', () => approvals.issueToken(id, stranger)],
    ['has no tenant', 'UNKNOWN', () => approvals.approve(id, user('bob', null, ['approver']))],
    [
      'says it acts here',
      'UNKNOWN',
      () => approvals.approve(id, { ...stranger, org: OrgContext.verified({ orgId: 'acme' }) }),
    ],
    [
      'acts elsewhere',
      'UNKNOWN',
      () => approvals.approve(id, { ...boss, org: OrgContext.verified({ orgId: 'umbrella' }) }),
    ],
    ['is called alike', 'UNKNOWN', () => approvals.approve(id, user('bob', 'Acme', ['approver']))],
    ['is one who asked, there', 'UNKNOWN', () => approvals.cancel(id, user('ann', 'umbrella'))],
  ]);

  it('see nothing, and cannot tell a request of others from none', async () => {
    expect((await approvals.pending(stranger)).requests).toEqual([]);
    expect((await approvals.pending(user('ann', 'umbrella'), { mine: true })).requests).toEqual([]);
    const messages = await Promise.all(
      [id, 'no-such-id'].map((what) => approvals.get(what, stranger).catch(({ message }: Error) => message)),
    );
    expect(messages[0]).toBe(messages[1]);
  });

  it('neither use nor end the approval of a call with the same ids', async () => {
    approvals.close();
    const after = service();
    await after.approve(id, boss);
    for (const org of ['umbrella', null]) {
      const [signal, { auth }] = [AbortSignal.abort(), user('ann', org)];
      expect((await after.request(call({ auth }), signal)).status).toBe('cancelled');
      void ask(after, { auth });
    }
    await clock.advance(1);
    expect(after.waiting).toBe(2);
    expect(await store.find(id)).toMatchObject({ status: 'approved', usedAt: null });
  });

  it('are not guessed: a caller whose tenant contradicts itself is denied', async () => {
    const answer = await ask(approvals, { org: OrgContext.verified({ orgId: 'umbrella' }) });
    expect(answer.status).toBe('denied');
    expect((await ask(approvals, { auth: { ...ann.auth } as AuthContext })).status).toBe('denied');
  });
});

describe('ids that are none', () => {
  const odd = ['', 'x', '%', '*', "' OR 1=1 --", '__proto__', 'constructor', null, undefined, 1, {}, [], true];
  refused(
    odd.map((what): Attack => [`${JSON.stringify(what)}`, 'UNKNOWN', () => approvals.approve(what as never, boss)]),
  );
  refused([['a list of the id', 'UNKNOWN', () => approvals.approve([id] as never, boss)]]);
});

describe('words that are none', () => {
  refused([
    ['a denial without a reason', 'OPTION_INVALID', () => approvals.deny(id, boss, undefined as never)],
    ['a blank reason', 'OPTION_INVALID', () => approvals.deny(id, boss, '  ')],
    ['an endless reason', 'OPTION_INVALID', () => approvals.deny(id, boss, 'x'.repeat(2_001))],
    ['an object as a reason', 'OPTION_INVALID', () => approvals.approve(id, boss, {} as never)],
    ['a made-up page', 'OPTION_INVALID', () => approvals.pending(boss, { after: `1:x) OR (1=1${'x'.repeat(99)}` })],
    ['an endless page', 'OPTION_INVALID', () => approvals.pending(boss, { limit: 1e9 })],
  ]);
});

describe('edits', () => {
  const edit = (input: unknown) => () => approvals.approveEdited(id, boss, input);
  const circle: Record<string, unknown> = { amount: 1 };
  circle.self = circle;
  refused([
    ['break the contract', 'EDIT_INVALID', edit({ amount: 'all' })],
    ['nothing', 'EDIT_INVALID', edit(undefined)],
    ['a date', 'EDIT_INVALID', edit({ amount: 1, at: new Date() })],
    ['a function', 'EDIT_INVALID', edit({ amount: 1, toJSON: () => ({ amount: 1e9 }) })],
    ['no number', 'EDIT_INVALID', edit({ amount: Number.NaN })],
    ['a circle', 'EDIT_INVALID', edit(circle)],
    ['a prototype', 'EDIT_INVALID', edit(JSON.parse('{"amount":1,"__proto__":{"admin":true}}'))],
    [
      'an instance',
      'EDIT_INVALID',
      edit(
        new (class Sneaky {
          amount = 1;
        })(),
      ),
    ],
    ['where nothing checks them', 'EDIT_INVALID', () => unchecked().approveEdited(id, boss, { amount: 1 })],
  ]);

  it('cannot be changed once they were checked, by the check either', async () => {
    const input = { amount: 1, nested: { to: 'ann' } };
    const meddling = service({ validate: (_request, given) => Object.assign(given as object, { amount: 1e9 }) });
    await meddling.approveEdited(id, boss, input);
    input.amount = 1e9;
    input.nested.to = 'mallory';
    expect((await store.find(id))?.decision?.edit?.input).toEqual({ amount: 1, nested: { to: 'ann' } });
  });
});

describe('what was decided', () => {
  const then = (first: () => Promise<unknown>, second: () => Promise<unknown>) => [first, second] as const;
  const approve = () => approvals.approve(id, boss);
  const deny = () => approvals.deny(id, boss, 'no');
  const cancel = () => approvals.cancel(id, ann);
  const edit = () => approvals.approveEdited(id, boss, { amount: 1e6 });
  const expire = () => clock.advance(TTL_MS);
  const redeem = () => approvals.redeem(token, 'approve');
  it.each([
    ['an approval, by an approval', ...then(approve, approve)],
    ['an approval, by a denial', ...then(approve, deny)],
    ['an approval, by an edit', ...then(approve, edit)],
    ['an approval, by taking it back', ...then(approve, cancel)],
    ['a denial, by an approval', ...then(deny, approve)],
    ['a denial, by an edit', ...then(deny, edit)],
    ['a denial, by a token', ...then(deny, redeem)],
    ['what was taken back, by an approval', ...then(cancel, approve)],
    ['what was taken back, by a token', ...then(cancel, redeem)],
    ['what has expired, by an approval', ...then(expire, approve)],
    ['what has expired, by a denial', ...then(expire, deny)],
    ['a decision by token, by the token', ...then(redeem, redeem)],
    ['a decision by token, by an edit', ...then(redeem, edit)],
  ])('is not changed: %s', async (_name, first, second) => {
    await first();
    await clock.advance(0);
    const before = await store.find(id);
    const code = second === redeem && first === expire ? 'APPROVAL_TOKEN_INVALID' : 'APPROVAL_SETTLED';
    await expect(second()).rejects.toMatchObject({ code });
    expect(await store.find(id)).toEqual(before);
  });

  it.each([
    ['another run', { runId: 'other' }],
    ['another call of the run', { callKey: 's/=c2' }],
    ['another id', { callId: 'c2' }],
    ['another pipeline', { pipeline: 'q' }],
    ['another tool', { tool: { name: 'wipe', effect: 'irreversible' as const, description: 'Pays.' } }],
    ['a changed tool', { toolFingerprint: 'changed' }],
    ['another input', { inputDigest: 'other', input: { amount: 1e6 } }],
    ['another caller', { auth: mallory.auth }],
    [
      'a service account of that name',
      { auth: AuthContext.verified({ kind: 'service-account', clientId: 'ann', orgId: 'acme' }) },
    ],
    ['an anonymous caller', { auth: AuthContext.anonymous, org: OrgContext.verified({ orgId: 'acme' }) }],
  ])('is not for %s', async (_name, changes) => {
    approvals.close();
    const after = service();
    await after.approve(id, boss);
    let answer: unknown = null;
    void ask(after, changes).then((given) => {
      answer = given;
    });
    await clock.advance(1);
    expect([answer, after.waiting]).toEqual([null, 1]);
    expect((await store.find(id))?.usedAt).toBeNull();
  });

  it('is used once, whoever asks again', async () => {
    await approvals.approve(id, boss);
    await clock.advance(0);
    expect(outcome).toMatchObject({ status: 'approved' });
    let again: unknown = null;
    void ask(approvals).then((given) => {
      again = given;
    });
    await clock.advance(1);
    expect([again, approvals.waiting]).toEqual([null, 1]);
  });

  it('does not outlive its request', async () => {
    approvals.close();
    const after = service();
    await after.approve(id, boss);
    await clock.advance(TTL_MS);
    expect((await ask(after)).status).toBe('expired');
  });

  it.each([
    ['an edit', { edit: { input: { amount: 1e6 }, digest: 'digest' } }],
    ['an approver', { by: null }],
  ])('cannot be added to in the store: %s', async (_name, change) => {
    approvals.close();
    const decision = { by: { kind: 'user', id: 'bob' }, via: 'identity' as const, at: 1, reason: null, edit: null };
    await store.settle(id, 'approved', { ...decision, ...change });
    expect((await ask(service())).status).toBe('denied');
  });
});

describe('races', () => {
  const fulfilled = (results: readonly PromiseSettledResult<unknown>[]) =>
    results.filter(({ status }) => status === 'fulfilled').length;

  it('of approvers have one winner, and the call does what that one said', async () => {
    const results = await Promise.allSettled([
      approvals.approve(id, boss),
      approvals.deny(id, boss, 'no'),
      approvals.approveEdited(id, boss, { amount: 1 }),
      approvals.redeem(token, 'deny', 'no'),
      approvals.cancel(id, ann),
      ...Array.from({ length: 20 }, () => approvals.approve(id, boss)),
    ]);
    await clock.advance(0);
    expect(fulfilled(results)).toBe(1);
    expect(outcome?.status).toBe((await store.find(id))?.status);
  });

  it('of calls for one approval have one winner', async () => {
    approvals.close();
    const after = service();
    await after.approve(id, boss);
    const answers: string[] = [];
    for (let index = 0; index < 20; index++) void ask(after).then(({ status }) => answers.push(status));
    await clock.advance(1);
    expect([answers, after.waiting]).toEqual([['approved'], 19]);
  });

  it('of an approval with the end of the run leave the call cancelled', async () => {
    approvals.close();
    const after = service();
    const controller = new AbortController();
    const waiting = after.request(call(), controller.signal);
    await clock.advance(1);
    const approved = after.approve(id, boss);
    controller.abort();
    await approved.catch(() => {});
    expect((await waiting).status).not.toBe('denied');
    const { status, usedAt } = (await store.find(id)) as { status: string; usedAt: number | null };
    if ((await waiting).status === 'cancelled') expect(usedAt).toBeNull();
    else expect(status).toBe('approved');
  });

  it('of an edit with the time are lost when time is up while it is checked', async () => {
    approvals.close(); // so that nobody else notices that time is up
    let check!: () => void;
    const checked = new Promise<void>((resolve) => {
      check = resolve;
    });
    const decided = service({ validate: () => checked }).approveEdited(id, boss, { amount: 1 });
    const refusal = expect(decided).rejects.toMatchObject({ code: 'APPROVAL_SETTLED' });
    await clock.advance(TTL_MS);
    check();
    await refusal;
    expect((await store.find(id))?.status).toBe('expired');
  });

  it('of an approval with the time are lost when time is up, also while the policy thinks', async () => {
    let allow!: (answer: boolean) => void;
    const slow = service({
      policy: {
        mayDecide: () =>
          new Promise<boolean>((resolve) => {
            allow = resolve;
          }),
      },
    });
    const decided = slow.approve(id, boss);
    const refusal = expect(decided).rejects.toMatchObject({ code: 'APPROVAL_SETTLED' });
    await clock.advance(TTL_MS);
    allow(true);
    await refusal;
    expect((await store.find(id))?.status).toBe('expired');
  });
});

describe('tokens', () => {
  const redeem =
    (make: () => string, action: 'approve' | 'deny' = 'approve') =>
    () =>
      approvals.redeem(make(), action);
  const parts = () => token.split('.') as [string, string, string];
  const fields = () => JSON.parse(Buffer.from(parts()[1], 'base64url').toString());
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (value: unknown, key: string = secret) => {
    const body = `sfa1.${encoded(value)}`;
    return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
  };
  const changed = (at: number, value: unknown) =>
    fields().map((field: unknown, index: number) => (index === at ? value : field));
  const resent = (at: number, value: unknown) => () => `sfa1.${encoded(changed(at, value))}.${parts()[2]}`;
  const lookup = (given: unknown) => () => {
    present = () => given;
    return approvals.redeem(token, 'approve');
  };
  refused([
    ['no text', 'TOKEN_INVALID', redeem(() => ({}) as string)],
    ['nothing', 'TOKEN_INVALID', redeem(() => '')],
    ['dots', 'TOKEN_INVALID', redeem(() => '..')],
    ['one too long', 'TOKEN_INVALID', redeem(() => token + 'x'.repeat(4_096))],
    ['another version', 'TOKEN_INVALID', redeem(() => token.replace('sfa1', 'sfa2'))],
    ['no signature', 'TOKEN_INVALID', redeem(() => parts().slice(0, 2).join('.'))],
    ['an empty signature', 'TOKEN_INVALID', redeem(() => `${parts()[0]}.${parts()[1]}.`)],
    ['half a signature', 'TOKEN_INVALID', redeem(() => token.slice(0, -22))],
    ['something after it', 'TOKEN_INVALID', redeem(() => `${token}.x`)],
    ['padding', 'TOKEN_INVALID', redeem(() => `${token}=`)],
    ['a blank', 'TOKEN_INVALID', redeem(() => ` ${token}`)],
    ['another spelling of the signature', 'TOKEN_INVALID', redeem(() => token.slice(0, -1) + next(token.slice(-1)))],
    ['another key', 'TOKEN_INVALID', redeem(() => signed(fields(), 'x'.repeat(40)))],
    ['an empty key', 'TOKEN_INVALID', redeem(() => signed(fields(), ''))],
    ['the name of an unknown key', 'TOKEN_INVALID', redeem(() => signed(changed(0, 'none')))],
    ['the name of an inherited key', 'TOKEN_INVALID', redeem(() => signed(changed(0, '__proto__')))],
    ['no list', 'TOKEN_INVALID', redeem(() => signed({ ...fields() }))],
    ['another audience', 'TOKEN_INVALID', redeem(resent(1, 'other'))],
    ['another audience, signed', 'TOKEN_INVALID', redeem(() => signed(changed(1, 'other')))],
    ['another request', 'TOKEN_INVALID', redeem(resent(2, 'other'))],
    ['a request that is none, signed', 'TOKEN_INVALID', redeem(() => signed(changed(2, 'other')))],
    ['another input', 'TOKEN_INVALID', redeem(resent(3, 'other'))],
    ['another input, signed', 'TOKEN_INVALID', redeem(() => signed(changed(3, 'other')))],
    ['another tool, signed', 'TOKEN_INVALID', redeem(() => signed(changed(4, 'other')))],
    ['another tenant, signed', 'TOKEN_INVALID', redeem(() => signed(changed(5, 'umbrella')))],
    ['another approver', 'TOKEN_INVALID', redeem(resent(7, 'mallory'))],
    ['a later end', 'TOKEN_INVALID', redeem(resent(9, 1e15))],
    ['no end, signed', 'TOKEN_INVALID', redeem(() => signed(changed(9, null)))],
    [
      'a decision that it is not for',
      'TOKEN_INVALID',
      async () => {
        const denies = await approvals.issueToken(id, boss, { actions: ['deny'] });
        return approvals.redeem(denies, 'approve');
      },
    ],
    ['a decision that is none', 'TOKEN_INVALID', redeem(() => token, 'edit' as never)],
    ['an approver who left', 'TOKEN_INVALID', lookup(null)],
    ['an approver who lost the role', 'FORBIDDEN', lookup(user('bob'))],
    ['an approver who moved to another tenant', 'TOKEN_INVALID', lookup(user('bob', 'umbrella', ['approver']))],
    ['somebody else than it names', 'TOKEN_INVALID', lookup(user('carol', 'acme', ['approver']))],
    ['an identity that is none', 'TOKEN_INVALID', lookup({ auth: { ...boss.auth } })],
    [
      'a directory that is down',
      'TOKEN_INVALID',
      () => {
        present = () => fail('down');
        return approvals.redeem(token, 'approve');
      },
    ],
    ['one made for the one who asked', 'FORBIDDEN', () => approvals.issueToken(id, user('ann', 'acme', ['approver']))],
    ['one made for a colleague', 'FORBIDDEN', () => approvals.issueToken(id, mallory)],
    ['one made for editing', 'OPTION_INVALID', () => approvals.issueToken(id, boss, { actions: ['edit' as never] })],
    ['one made for ever', 'OPTION_INVALID', () => approvals.issueToken(id, boss, { ttlMs: Number.POSITIVE_INFINITY })],
    ['where there are none', 'OPTION_INVALID', () => unchecked().redeem(token, 'approve')],
    [
      'of another service with another audience',
      'TOKEN_INVALID',
      async () => {
        const tokens = { keys: [{ id: 'k', secret }], audience: 'other', approver: () => boss };
        return service({ tokens }).redeem(token, 'approve');
      },
    ],
  ]);

  it('end before their request if they are told to, and with it if they are not', async () => {
    const short = await approvals.issueToken(id, boss, { ttlMs: 10 });
    const long = await approvals.issueToken(id, boss, { ttlMs: 1e9 });
    await clock.advance(10);
    await expect(approvals.redeem(short, 'approve')).rejects.toMatchObject({ code: 'APPROVAL_TOKEN_INVALID' });
    await clock.advance(TTL_MS);
    await expect(approvals.redeem(long, 'approve')).rejects.toMatchObject({ code: 'APPROVAL_TOKEN_INVALID' });
  });
});

function fail(message: string): never {
  throw new Error(message);
}

/** The next letter of the alphabet of base64url: other bits that are cut off stand for the same bytes. */
function next(letter: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return letters[(letters.indexOf(letter) + 1) % 64] as string;
}

/** Without tokens, too. */
function unchecked(): ApprovalService {
  return new ApprovalService({ store, policy: approvers({ roles: ['approver'] }), clock, ttlMs: TTL_MS });
}
