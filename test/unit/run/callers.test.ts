import { describe, expect, it } from 'vitest';
import {
  AuthContext,
  AuthError,
  AuthFailureReason,
  OrgContext,
  type TokenVerifier,
  type VerifiedIdentity,
} from '../../../src/auth/index.js';
import { type EventSink, type StageflowLogger, silentLogger } from '../../../src/events/index.js';
import { type CallerOptions, Engine, type RunInput, type RunOutcome } from '../../../src/run/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock } from '../../../src/testing/manual-clock.js';
import { bind, type HandStage, rejection } from './hand-bound.js';
import { Watch } from './watch.js';

const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme', sessionId: 's-1' });
const acme = OrgContext.verified({ orgId: 'acme', tenantId: 'eu-1', planTier: 'pro' });
const TOKEN = 'token-of-ann-which-nobody-may-see';

const knows = (identity: VerifiedIdentity): TokenVerifier => ({ verify: () => identity });
const throws = (thrown: unknown): TokenVerifier => ({
  verify: () => {
    throw thrown;
  },
});

/** An engine whose every run has one stage, which counts how often it was called. */
class Calls {
  readonly watch = new Watch();
  readonly clock = new ManualClock();
  readonly engine: Engine;
  readonly bound;
  opened = 0;

  constructor(options: CallerOptions & { sinks?: EventSink[]; logger?: StageflowLogger; stage?: HandStage } = {}) {
    const { sinks = [], stage = { name: 'a' }, ...more } = options;
    this.engine = new Engine({ clock: this.clock, graceMs: 1_000, ...more, sinks: [...sinks, this.watch] });
    this.bound = bind([stage], {
      openRun: () => {
        this.opened++;
        return { stage: () => ({ execute() {} }), close() {} };
      },
    });
  }

  outcome(input: RunInput = {}): Promise<RunOutcome> {
    return this.engine.start(this.bound, input).result;
  }

  /** The run must have failed before anything of it was built or started. */
  async refusal(input: RunInput = {}): Promise<{ code: string; reason: unknown }> {
    const outcome = await this.outcome(input);
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(this.opened).toBe(0);
    expect(outcome.results.stage('a').status).toBe('not-started');
    expect(outcome.results.identity).toMatchObject({ userId: null, orgId: null, sessionId: null });
    expect(this.watch.types).toEqual(['pipeline.started', 'auth.failure', 'pipeline.failed']);
    expect(JSON.stringify([this.watch.events, outcome.error, outcome.error.stack])).not.toContain(TOKEN);
    const [failure] = this.watch.ofType('auth.failure');
    return { code: outcome.error.code, reason: failure?.reason };
  }
}

describe('a run with a verifier', () => {
  it('has its token verified once, before anything of it is built, and says who calls (121)', async () => {
    const seen: unknown[] = [];
    let verified = 0;
    const verifier: TokenVerifier = {
      verify: (token) => {
        verified++;
        expect([token, calls.opened]).toEqual([TOKEN, 0]);
        return { auth: ann, org: acme };
      },
    };
    const run = (ctx: { auth: AuthContext; org: OrgContext }) => {
      seen.push(ctx.auth.userId, ctx.org.tenantId);
    };
    const calls: Calls = new Calls({ verifier, stage: { name: 'a', run } });
    const outcome = await calls.outcome({ token: TOKEN });
    expect([outcome.status, verified, calls.opened, seen]).toEqual(['completed', 1, 1, ['ann', 'eu-1']]);
    expect(outcome.results.identity).toMatchObject({ userId: 'ann', orgId: 'acme', sessionId: 's-1' });
    expect(calls.watch.ofType('auth.login')).toMatchObject([
      { by: 'token', kind: 'user', principalId: 'ann', orgId: 'acme', tenantId: 'eu-1', sessionId: 's-1', sequence: 2 },
    ]);
  });

  it('tells a service account from a user (125)', async () => {
    const auth = AuthContext.verified({ kind: 'service-account', clientId: 'billing', scopes: ['invoices'] });
    const calls = new Calls({ verifier: knows({ auth }) });
    await calls.outcome({ token: TOKEN });
    expect(calls.watch.ofType('auth.login')).toMatchObject([{ kind: 'service-account', principalId: 'billing' }]);
  });

  it.each([
    ['no token', undefined, 'AUTH_TOKEN_MISSING', 'missing'],
    ['null', null, 'AUTH_TOKEN_MISSING', 'missing'],
    ['an empty token', '', 'AUTH_TOKEN_MISSING', 'missing'],
    ['blanks', 'Bearer x', 'AUTH_TOKEN_INVALID', 'malformed'],
    ['a token of 20 kB', 'x'.repeat(20_000), 'AUTH_TOKEN_INVALID', 'too-large'],
    ['what is no text', { token: TOKEN } as unknown as string, 'AUTH_TOKEN_INVALID', 'malformed'],
  ])('fails with %s, and no stage starts (117)', async (_what, token, code, reason) => {
    expect(await new Calls({ verifier: knows({ auth: ann }) }).refusal({ token })).toEqual({ code, reason });
  });

  it.each(Object.values(AuthFailureReason))('fails as the verifier says: %s (117)', async (reason) => {
    const error = new AuthError(reason);
    const refusal = await new Calls({ verifier: throws(error) }).refusal({ token: TOKEN });
    expect(refusal).toEqual({ code: error.code, reason });
  });

  const thrown = [
    undefined,
    null,
    0,
    '',
    TOKEN,
    new Error(TOKEN),
    Object.create(null),
    Proxy.revocable({}, {}),
    Symbol(),
  ];
  it.each(thrown.map((value) => [value]))('fails whatever the verifier throws: %#', async (value) => {
    if (typeof value === 'object' && value !== null && 'revoke' in value) (value as { revoke(): void }).revoke();
    const proxy = typeof value === 'object' && value !== null && 'proxy' in value ? value.proxy : value;
    const told: unknown[] = [];
    const onVerifierFault = (fault: unknown) => {
      told.push(fault);
      throw new Error('a listener that throws');
    };
    const refusal = await new Calls({ verifier: throws(proxy), onVerifierFault }).refusal({ token: TOKEN });
    expect(refusal).toEqual({ code: 'AUTH_VERIFIER_FAILED', reason: 'verifier-failed' });
    expect(told).toHaveLength(1);
  });

  const plain = { kind: 'user', userId: 'ann', orgId: 'acme', roles: ['admin'], scopes: [], authenticated: true };
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['true', true],
    ['the claims', plain],
    ['a look-alike', { auth: plain }],
    ['something with the prototype', { auth: Object.create(AuthContext.prototype, { userId: { value: 'ann' } }) }],
    ['a proxy of the real thing', { auth: new Proxy(ann, {}) }],
    ['an anonymous caller', { auth: AuthContext.anonymous }],
    ['an organisation that looks like one', { auth: ann, org: { orgId: 'acme', features: [] } }],
    [
      'a getter that throws',
      Object.defineProperty({}, 'auth', {
        get: () => {
          throw new Error(TOKEN);
        },
      }),
    ],
    ['a promise of a look-alike', Promise.resolve({ auth: plain })],
  ])('fails when the verifier answers with %s', async (_what, answer) => {
    const refusal = await new Calls({ verifier: knows(answer as never) }).refusal({ token: TOKEN });
    expect(refusal.code).toBe('AUTH_VERIFIER_FAILED');
  });

  it('fails when auth and org of the verifier disagree', async () => {
    const verifier = knows({ auth: ann, org: OrgContext.verified({ orgId: 'globex' }) });
    expect(await new Calls({ verifier }).refusal({ token: TOKEN })).toMatchObject({ reason: 'org-mismatch' });
  });

  it.each([
    ['the org asked for', { org: OrgContext.verified({ orgId: 'globex' }) }, 'TENANT_ACCESS_DENIED', 'org-mismatch'],
    ['identity.orgId', { identity: { orgId: 'globex' } }, 'TENANT_ACCESS_DENIED', 'org-mismatch'],
    ['identity.userId', { identity: { userId: 'bob' } }, 'RUN_INPUT_INVALID', 'identity-mismatch'],
    ['identity.sessionId', { identity: { sessionId: 's-2' } }, 'RUN_INPUT_INVALID', 'identity-mismatch'],
  ])('fails when %s is not that of the token (113, 123)', async (_what, input, code, reason) => {
    expect(await new Calls({ verifier: knows({ auth: ann }) }).refusal({ token: TOKEN, ...input })).toEqual({
      code,
      reason,
    });
  });

  it('takes the ids of the caller when they are repeated, and the organisation with its plan from the verifier', async () => {
    const calls = new Calls({ verifier: knows({ auth: ann, org: acme }) });
    const asked = OrgContext.verified({ orgId: 'acme', planTier: 'enterprise' });
    const plans: unknown[] = [];
    const bound = bind([{ name: 'a', run: (ctx) => void plans.push(ctx.org.planTier) }]);
    const identity = { userId: 'ann', requestId: 'r-1' };
    const results = await calls.engine.run(bound, { token: TOKEN, org: asked, identity });
    expect([...plans, results.identity.requestId]).toEqual(['pro', 'r-1']);
  });

  it('fails when the verifier does not answer in time, and drops the late answer', async () => {
    const answer = new Gate();
    const verifier: TokenVerifier = { verify: () => answer.pass().then(() => ({ auth: ann })) };
    const calls = new Calls({ verifier, verifyMs: 50 });
    const refusal = calls.refusal({ token: TOKEN });
    await calls.clock.advance(50);
    expect(await refusal).toEqual({ code: 'AUTH_VERIFIER_FAILED', reason: 'verifier-failed' });
    answer.open();
    await answer.passed;
    expect(calls.watch.types).toHaveLength(3);
  });

  it('is over at once when it is cancelled meanwhile, and the verifier is told', async () => {
    let told: AbortSignal | undefined;
    const verifier: TokenVerifier = {
      verify: (_, { signal }) => {
        told = signal;
        return new Promise<never>(() => {});
      },
    };
    const calls = new Calls({ verifier });
    const run = calls.engine.start(calls.bound, { token: TOKEN });
    run.cancel('changed my mind');
    expect((await run.result).status).toBe('cancelled');
    expect([told?.aborted, calls.opened]).toEqual([true, 0]);
    expect(calls.watch.types).toEqual(['pipeline.started', 'pipeline.cancelled']);
  });

  it('stays refused when every sink throws, and when the logger does (120)', async () => {
    const sink: EventSink = {
      emit: () => {
        throw new Error('broken sink');
      },
    };
    const rejecting: EventSink = { emit: () => Promise.reject(new Error('broken later')) };
    const broken = (): never => {
      throw new Error('broken logger');
    };
    const logger: StageflowLogger = { debug: broken, info: broken, warn: broken, error: broken, child: () => logger };
    const calls = new Calls({ verifier: throws('no'), sinks: [sink, rejecting], logger });
    expect(await calls.refusal({ token: TOKEN })).toMatchObject({ code: 'AUTH_VERIFIER_FAILED' });
  });

  it('goes on as anonymous without a token only if that was said', async () => {
    const verifier = throws(new Error('not to be asked'));
    const calls = new Calls({ verifier, anonymousCallers: true });
    const outcome = await calls.outcome();
    // A stage without rules is then for recognised callers.
    expect([outcome.status, outcome.results.stage('a').failure?.code]).toEqual(['failed', 'AUTH_FORBIDDEN']);
    expect(calls.watch.types).not.toContain('auth.login');
    const more = new Calls({ verifier, anonymousCallers: true });
    expect((await more.refusal({ identity: { userId: 'ann' } })).code).toBe('AUTH_TOKEN_MISSING');
  });

  it('does not take auth instead, unless callers are trusted', async () => {
    const verifier = knows({ auth: ann });
    const refused = rejection(new Calls({ verifier }).engine.run(bind([{ name: 'a' }]), { auth: ann }));
    expect((await refused).code).toBe('RUN_INPUT_INVALID');
    const trusting = new Calls({ verifier, trustedCallers: true });
    expect((await trusting.outcome({ auth: ann })).status).toBe('completed');
    expect(trusting.watch.ofType('auth.login')).toMatchObject([{ by: 'host', principalId: 'ann' }]);
  });
});

describe('a run without a verifier', () => {
  const start = (input: RunInput) => rejection(new Engine().run(bind([{ name: 'a' }]), input));

  it('refuses a token, which nobody would look at', async () => {
    expect((await start({ token: TOKEN })).code).toBe('AUTH_NOT_CONFIGURED');
    expect((await start({ token: '' })).code).toBe('AUTH_NOT_CONFIGURED');
  });

  it.each([
    ['auth that looks like one', { auth: { ...ann } }],
    ['auth with its prototype', { auth: Object.create(AuthContext.prototype) }],
    ['null for auth', { auth: null }],
    ['org that looks like one', { org: { orgId: 'acme' } }],
    ['auth and a token', { auth: ann, token: TOKEN }],
    ['auth of one organisation and org of another', { auth: ann, org: OrgContext.verified({ orgId: 'globex' }) }],
    ['auth of an organisation and org of none', { auth: ann, org: OrgContext.none }],
    ['another userId', { auth: ann, identity: { userId: 'bob' } }],
    ['another orgId', { auth: ann, identity: { orgId: 'globex' } }],
    ['another orgId than that of org', { org: acme, identity: { orgId: 'globex' } }],
    [
      'a sessionId that the caller lacks',
      { auth: AuthContext.verified({ userId: 'x' }), identity: { sessionId: 's' } },
    ],
  ])('refuses %s (113, 123)', async (_what, input) => {
    expect((await start(input as RunInput)).code).toBe('RUN_INPUT_INVALID');
  });

  it('gives the ids of auth to the run, and its organisation to ctx.org', async () => {
    const seen: unknown[] = [];
    const bound = bind([{ name: 'a', run: (ctx) => void seen.push(ctx.org.orgId, ctx.snapshot.identity.userId) }]);
    await new Engine().run(bound, { auth: ann, identity: { requestId: 'r' } });
    expect(seen).toEqual(['acme', 'ann']);
  });

  it('refuses a verifier that is none', () => {
    for (const verifier of [null, {}, 'jwt', { verify: true }]) {
      expect(() => new Engine({ verifier: verifier as never })).toThrow(/AUTH_OPTION_INVALID/);
    }
    expect(() => new Engine({ verifyMs: -1 })).toThrow(/RUN_INPUT_INVALID/);
  });
});

describe('the logger of a stage', () => {
  it('says on every line for which organisation it works', async () => {
    const lines: unknown[] = [];
    const logger: StageflowLogger = {
      ...silentLogger,
      isEnabled: () => true,
      child: (fields) => {
        lines.push(fields);
        return logger;
      },
    };
    const calls = new Calls({ logger, verifier: knows({ auth: ann, org: acme }) });
    await calls.engine.run(bind([{ name: 'a', run: (ctx) => ctx.logger.info('x') }]), { token: TOKEN });
    expect(lines).toMatchObject([{ stage: 'a', orgId: 'acme', tenantId: 'eu-1' }]);
  });
});
