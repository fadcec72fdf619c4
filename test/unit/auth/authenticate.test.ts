import { describe, expect, it } from 'vitest';
import {
  AuthContext,
  AuthError,
  AuthFailureReason,
  authenticate,
  OrgContext,
  type TokenVerifier,
  type VerificationContext,
} from '../../../src/auth/index.js';
import { reasonFor, refusal, tracesOf } from './refusals.js';

const TOKEN = 'opaque-token-3b1f8c6e-with-a-secret';
const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme' });
const acme = OrgContext.verified({ orgId: 'acme', planTier: 'pro', features: ['export'] });

class Answering implements TokenVerifier {
  constructor(private readonly answer: () => unknown) {}
  verify(_token: string, _context: VerificationContext): never {
    return this.answer() as never;
  }
}
const THEN = 'then';
const thenable = (then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void) => ({
  [THEN]: then,
});
const returning = (answer: unknown) => new Answering(() => answer);
const throwing = (thrown: unknown) =>
  new Answering(() => {
    throw thrown;
  });

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error(TOKEN);
    },
    has: () => {
      throw new Error(TOKEN);
    },
    getPrototypeOf: () => {
      throw new Error(TOKEN);
    },
  },
);

describe('a caller is recognised', () => {
  it('as the verifier says, with the organisation it says', async () => {
    const identity = await authenticate(returning({ auth: ann, org: acme }), TOKEN);
    expect([identity.auth, identity.org]).toEqual([ann, acme]);
    expect(identity.auth).toBe(ann);
    expect(Object.isFrozen(identity)).toBe(true);
  });

  it('with the organisation it carries, if the verifier names none', async () => {
    const { org } = await authenticate(returning(Promise.resolve({ auth: ann })), TOKEN);
    expect([org.orgId, org.tenantId, org.planTier]).toEqual(['acme', 'acme', null]);
  });

  it('as a machine', async () => {
    const job = AuthContext.verified({ kind: 'service-account', clientId: 'job' });
    expect((await authenticate(returning({ auth: job }), TOKEN)).auth.principalId).toBe('job');
  });

  it('by a verifier that is handed the token and the signal', async () => {
    const seen: unknown[] = [];
    const verifier: TokenVerifier = {
      verify: (token, { signal }) => {
        seen.push(token, signal);
        return { auth: ann };
      },
    };
    const { signal } = new AbortController();
    await authenticate(verifier, TOKEN, { signal });
    await authenticate(verifier, TOKEN);
    expect(seen).toEqual([TOKEN, signal, TOKEN, expect.any(AbortSignal)]);
    expect(seen[1]).toBe(signal);
  });
});

describe('the verifier is not asked about', () => {
  const asked: string[] = [];
  const verifier: TokenVerifier = {
    verify: (token) => {
      asked.push(token);
      return { auth: ann };
    },
  };
  it.each<[string, unknown, AuthFailureReason]>([
    ['nothing', undefined, 'missing'],
    ['null', null, 'missing'],
    ['the empty text', '', 'missing'],
    ['a number', 42, 'malformed'],
    ['a symbol', Symbol(TOKEN), 'malformed'],
    ['a hostile object', hostile, 'malformed'],
    ['a token with its scheme', `Bearer ${TOKEN}`, 'malformed'],
    ['a line break', `${TOKEN}\r\nX-Admin: 1`, 'malformed'],
    ['other letters than ASCII', `${TOKEN}é`, 'malformed'],
    ['too much', 'x'.repeat(16_385), 'too-large'],
  ])('%s', async (_, token, reason) => {
    expect(await reasonFor(verifier, token)).toBe(reason);
    expect(asked).toEqual([]);
  });

  it('more than the given size, or any size that is no number', async () => {
    expect((await refusal(verifier, 'x'.repeat(11), { maxTokenBytes: 10 })).reason).toBe('too-large');
    expect((await refusal(verifier, TOKEN, { maxTokenBytes: Number.NaN })).reason).toBe('too-large');
    expect(asked).toEqual([]);
  });
});

it('without a verifier nobody is recognised', async () => {
  const error = await refusal(undefined as never, TOKEN);
  expect([error.reason, error.code]).toEqual(['not-configured', 'AUTH_NOT_CONFIGURED']);
  expect((await refusal(null as never, TOKEN)).reason).toBe('not-configured');
  expect((await refusal({} as never, TOKEN)).reason).toBe('verifier-failed');
});

describe('whatever a verifier throws refuses, and leaves no trace', () => {
  class Talkative extends AuthError {
    override readonly message = `bad token ${TOKEN}`;
    readonly token = TOKEN;
    override get reason(): never {
      return TOKEN as never;
    }
  }
  const named = (name: string) => Object.assign(new Error('x'), { name });

  it.each<[string, unknown, AuthFailureReason]>([
    ['null', null, 'verifier-failed'],
    ['undefined', undefined, 'verifier-failed'],
    ['the token', TOKEN, 'verifier-failed'],
    ['a number', 42, 'verifier-failed'],
    ['a symbol', Symbol(TOKEN), 'verifier-failed'],
    ['an error that quotes the token', new Error(`cannot parse ${TOKEN}`), 'verifier-failed'],
    ['an error with the token as cause', new Error('x', { cause: TOKEN }), 'verifier-failed'],
    ['an error with the token as name', named(TOKEN), 'verifier-failed'],
    ['an error with the token as code', Object.assign(new Error('x'), { code: TOKEN }), 'verifier-failed'],
    ['an error with the token as property', Object.assign(new Error('x'), { token: TOKEN }), 'verifier-failed'],
    ['several errors', new AggregateError([new Error(TOKEN)], TOKEN), 'verifier-failed'],
    ['an object', { reason: 'expired', code: 'AUTH_TOKEN_EXPIRED' }, 'verifier-failed'],
    ['what looks like an AuthError', Object.create(AuthError.prototype), 'verifier-failed'],
    ['a revoked proxy', revoked(), 'verifier-failed'],
    ['a hostile proxy', hostile, 'verifier-failed'],
    ['an AuthError', new AuthError(AuthFailureReason.Expired), 'expired'],
    ['an AuthError that talks', new Talkative(AuthFailureReason.InvalidSignature), 'invalid-signature'],
    ['an AuthError that names the token as claim', new AuthError('invalid-claims', { claim: TOKEN }), 'invalid-claims'],
    [
      'an AuthError that names a piece of it',
      new AuthError('invalid-claims', { claim: TOKEN.slice(4, 24) }),
      'invalid-claims',
    ],
    [
      'an AuthError whose fault talks',
      new AuthError('keys-unavailable', { fault: { verifier: TOKEN, problem: TOKEN, systemCode: TOKEN } }),
      'keys-unavailable',
    ],
    ['an AuthError for no known reason', new AuthError(TOKEN as never), 'verifier-failed'],
    ['an AuthError for an inherited reason', new AuthError('constructor' as never), 'verifier-failed'],
  ])('%s', async (_, thrown, reason) => {
    const piece = TOKEN.slice(4, 24);
    expect(await reasonFor(throwing(thrown), TOKEN, [piece])).toBe(reason);
    expect(await reasonFor(returning(Promise.reject(thrown)), TOKEN, [piece])).toBe(reason);
  });

  it('what broke is named by the verifier, the kind of error and the system’s code', async () => {
    class SessionStore extends Answering {}
    const broken = new SessionStore(() => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) });
    });
    const error = await refusal(broken, TOKEN);
    expect(error.summary).toBe(
      'The verifier did not say who the caller is. SessionStore failed with a TypeError (ECONNREFUSED).',
    );
    expect([error.code, error.cause]).toEqual(['AUTH_VERIFIER_FAILED', undefined]);
    expect(error.details).toEqual({
      reason: 'verifier-failed',
      verifier: 'SessionStore',
      problem: 'failed with a TypeError',
      systemCode: 'ECONNREFUSED',
    });
  });

  it('what it threw is told to whoever asks, and to nobody else', async () => {
    const thrown = new Error(TOKEN);
    const told: unknown[] = [];
    await refusal(throwing(thrown), TOKEN, { onVerifierFault: (error: unknown) => told.push(error) });
    expect(told).toEqual([thrown]);
    const loud = () => {
      throw new Error(TOKEN);
    };
    for (const onVerifierFault of [loud, async () => loud()]) {
      expect((await refusal(throwing(thrown), TOKEN, { onVerifierFault })).reason).toBe('verifier-failed');
    }
  });

  it('a claim is named, since names are the program’s', async () => {
    const error = await refusal(throwing(new AuthError(AuthFailureReason.MissingClaims, { claim: 'org_id' })), TOKEN);
    expect([error.code, error.claim, error.summary]).toEqual([
      'AUTH_CLAIMS_INVALID',
      'org_id',
      'The token lacks a claim: "org_id".',
    ]);
  });
});

describe('whatever a verifier answers that is no identity refuses', () => {
  const lookAlike = JSON.parse(JSON.stringify(ann));
  const heir = Object.create(AuthContext.prototype, { kind: { value: 'user' }, userId: { value: 'ann' } });
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['true', true],
    ['a number', 42],
    ['the token', TOKEN],
    ['an empty object', {}],
    ['an empty list', []],
    ['an AuthContext alone', ann],
    ['an anonymous caller', { auth: AuthContext.anonymous }],
    ['an organisation alone', { org: acme }],
    ['half an identity', { auth: null, org: acme }],
    ['an object that looks like an AuthContext', { auth: lookAlike }],
    ['a copy of an AuthContext', { auth: { ...ann } }],
    ['what inherits from AuthContext', { auth: heir }],
    ['a proxy of an AuthContext', { auth: new Proxy(ann, {}) }],
    ['an organisation in the place of the caller', { auth: acme }],
    ['an object that looks like an organisation', { auth: ann, org: { ...acme } }],
    ['no organisation, said with null', { auth: ann, org: null }],
    ['raw claims', { userId: 'ann', roles: 'admin' }],
    ['raw claims in the place of the caller', { auth: { kind: 'user', userId: 'ann', roles: [{}] } }],
    [
      'a getter that throws',
      {
        get auth() {
          throw new Error(TOKEN);
        },
      },
    ],
    [
      'a getter that throws, for the organisation',
      {
        auth: ann,
        get org() {
          throw new Error(TOKEN);
        },
      },
    ],
    ['a revoked proxy', revoked()],
    ['a hostile proxy', hostile],
    [
      'a thenable that throws',
      thenable(() => {
        throw new Error(TOKEN);
      }),
    ],
    ['a thenable that rejects', thenable((_, reject) => reject(TOKEN))],
    ['a thenable that gives nothing', thenable((resolve) => resolve(undefined))],
  ])('%s', async (_, answer) => {
    expect(await reasonFor(returning(answer), TOKEN)).toBe('verifier-failed');
  });

  it('an identity that says one thing and then another is read once', async () => {
    let reads = 0;
    const answer = {
      get auth() {
        reads += 1;
        return reads === 1 ? ann : lookAlike;
      },
    };
    expect((await authenticate(returning(answer), TOKEN)).auth).toBe(ann);
    expect(reads).toBe(1);
  });
});

describe('an identity speaks of one organisation', () => {
  const other = OrgContext.verified({ orgId: 'globex' });
  it.each<[string, unknown, OrgContext | undefined]>([
    ['the verifier names two', { auth: ann, org: other }, undefined],
    [
      'the verifier names one for a caller without',
      { auth: AuthContext.verified({ userId: 'bob' }), org: acme },
      undefined,
    ],
    ['the verifier names none for a caller with one', { auth: ann, org: OrgContext.none }, undefined],
    ['the run was asked for another one', { auth: ann, org: acme }, other],
    ['the run was asked for one, by a caller without', { auth: AuthContext.verified({ userId: 'bob' }) }, acme],
  ])('and is refused if %s', async (_, answer, requestedOrg) => {
    const error = await refusal(returning(answer), TOKEN, { requestedOrg });
    expect([error.reason, error.code]).toEqual(['org-mismatch', 'TENANT_ACCESS_DENIED']);
    expect(tracesOf(error, ['acme', 'globex', 'bob'])).toEqual([]);
  });

  it('which the run may have been asked for', async () => {
    const requestedOrg = OrgContext.verified({ orgId: 'acme', planTier: 'enterprise' });
    const { org } = await authenticate(returning({ auth: ann, org: acme }), TOKEN, { requestedOrg });
    expect(org.planTier, 'the verifier knows the plan').toBe('pro');
    await authenticate(returning({ auth: ann }), TOKEN, { requestedOrg: OrgContext.none });
  });
});

it('every reason has a code and a sentence of its own', () => {
  const errors = Object.values(AuthFailureReason).map((reason) => new AuthError(reason));
  expect(new Set(errors.map(({ summary }) => summary)).size).toBe(errors.length);
  expect(Object.fromEntries(errors.map(({ reason, code }) => [reason, code]))).toMatchObject({
    missing: 'AUTH_TOKEN_MISSING',
    malformed: 'AUTH_TOKEN_INVALID',
    'invalid-signature': 'AUTH_TOKEN_INVALID',
    expired: 'AUTH_TOKEN_EXPIRED',
    'invalid-claims': 'AUTH_CLAIMS_INVALID',
    'verifier-failed': 'AUTH_VERIFIER_FAILED',
    'org-mismatch': 'TENANT_ACCESS_DENIED',
    'not-configured': 'AUTH_NOT_CONFIGURED',
  });
  expect(JSON.parse(JSON.stringify(errors[0]))).toMatchObject({ code: 'AUTH_TOKEN_MISSING', reason: 'missing' });
});
