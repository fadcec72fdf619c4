import { describe, expect, it } from 'vitest';
import { AuthContext, authenticate, OrgContext } from '../../../../src/auth/index.js';
import { ClaimMappings, type JwtAlgorithm, type JwtKeys, JwtVerifier } from '../../../../src/auth/jwt/index.js';
import {
  AUDIENCE,
  CANARY,
  type Draft,
  ISSUER,
  jwkOf,
  KEYS,
  mint,
  NOW,
  PEM,
  SECRET,
  SET,
  VERIFIERS,
  verifier,
} from './tokens.js';

const V = VERIFIERS;

describe('a token is let in', () => {
  const rows: [string, Draft, (typeof V)[keyof typeof V]][] = [
    ['as it comes', {}, V.rsa],
    ['PS256', { alg: 'PS256' }, V.rsa],
    ['RS512', { alg: 'RS512' }, V.rsa],
    ['for a key with a name, naming it', { header: { kid: 'rsa-1' } }, V.jwk],
    ['for a key with a name, naming none', {}, V.jwk],
    ['for a nameless key, naming one', { header: { kid: '../../../../dev/null' } }, V.rsa],
    ['for a key set, naming the RSA key', { header: { kid: 'rsa-1' } }, V.set],
    ['for a key set, naming none where one fits', {}, V.set],
    ['for a key set, by its P-256 key', { alg: 'ES256', key: KEYS.p256.privateKey, header: { kid: 'p256-1' } }, V.set],
    [
      'for a key set, by its Ed25519 key',
      { alg: 'EdDSA', key: KEYS.ed25519.privateKey, header: { kid: 'ed-1' } },
      V.set,
    ],
    ['ES256', { alg: 'ES256', key: KEYS.p256.privateKey }, V.p256],
    ['EdDSA', { alg: 'EdDSA', key: KEYS.ed25519.privateKey }, V.ed25519],
    ['Ed25519', { alg: 'Ed25519', key: KEYS.ed25519.privateKey }, V.ed25519],
    ['HS256', { alg: 'HS256', key: SECRET }, V.secret],
    [
      'with keys of its own, where they are ignored',
      { header: { jku: 'https://a.test/', jwk: jwkOf(KEYS.otherRsa.publicKey) } },
      V.lenient,
    ],
    ['with a thumbprint', { header: { x5t: 'abc', 'x5t#S256': 'abc' } }, V.rsa],
    ['without typ', { header: { typ: undefined } }, V.rsa],
    ['of the expected type', { header: { typ: 'at+jwt' } }, V.typed],
    ['of the expected type, written in full', { header: { typ: 'application/AT+jwt' } }, V.typed],
    ['one second before it expires', { claims: { exp: NOW + 1 } }, V.rsa],
    ['expired within the tolerance', { claims: { exp: NOW - 4 } }, V.tolerant],
    ['at the second it becomes valid', { claims: { nbf: NOW, iat: NOW } }, V.rsa],
    ['early within the tolerance', { claims: { nbf: NOW + 5, iat: NOW + 5 } }, V.tolerant],
    ['as old as allowed', { claims: { iat: NOW - 60 } }, V.aged],
    ['without iat', { claims: { iat: undefined } }, V.rsa],
    ['meant for several audiences', { claims: { aud: ['https://other.test', AUDIENCE] } }, V.rsa],
    ['whose audience is in another claim', { claims: { aud: undefined, client_id: 'app-2' } }, V.client],
    ['with the expected claims', { claims: { token_use: 'access', level: 2 } }, V.expecting],
    ['with keys alike in different objects', { claims: { a: { x: 1 }, b: { x: 1 }, c: [{ x: 1 }, { x: 1 }] } }, V.rsa],
    ['with texts that look like JSON', { claims: { a: '{"a":1,"a":2}', b: 'x","a":"y', c: '\\' } }, V.rsa],
    ['with a payload in UTF-8', { claims: { name: 'Zoë 🚀' } }, V.rsa],
    ['with a claim called constructor that is a text', { claims: { constructor: 'Gaudí' } }, V.rsa],
    ['with as much depth as allowed', { claims: { deep: JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) } }, V.rsa],
    ['nearly as large as allowed', { claims: { pad: 'x'.repeat(11_000) } }, V.rsa],
  ];

  it.each(rows)('%s', async (_, draft, by) => {
    const { auth, org } = await authenticate(by, mint(draft));
    expect(auth.userId).toBe(`user-${CANARY}`);
    expect([AuthContext.is(auth), OrgContext.is(org), auth.kind]).toEqual([true, true, 'user']);
    expect([auth, auth.roles, auth.scopes, auth.claims, org, org.features].every(Object.isFrozen)).toBe(true);
  });

  const keys: [JwtAlgorithm, JwtKeys, Draft['key']][] = [
    ['RS256', { publicKey: KEYS.rsa.publicKey }, KEYS.rsa.privateKey],
    ['RS384', { publicKey: PEM }, KEYS.rsa.privateKey],
    ['PS384', { publicKey: jwkOf(KEYS.rsa.publicKey) }, KEYS.rsa.privateKey],
    ['PS512', { jwks: { keys: [jwkOf(KEYS.rsa.publicKey)] } }, KEYS.rsa.privateKey],
    [
      'RS256',
      { publicKey: KEYS.rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString() },
      KEYS.rsa.privateKey,
    ],
    [
      'ES256',
      { publicKey: KEYS.p256.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
      KEYS.p256.privateKey,
    ],
    ['ES384', { publicKey: KEYS.p384.publicKey }, KEYS.p384.privateKey],
    ['ES512', { publicKey: KEYS.p521.publicKey }, KEYS.p521.privateKey],
    ['EdDSA', { publicKey: jwkOf(KEYS.ed25519.publicKey, { kid: 'x' }) }, KEYS.ed25519.privateKey],
    ['HS256', { secret: SECRET.slice(0, 32) }, SECRET.slice(0, 32)],
    ['HS384', { secret: SECRET.slice(0, 48) }, SECRET.slice(0, 48)],
    ['HS512', { secret: new TextEncoder().encode(SECRET) }, SECRET],
  ];

  it.each(keys)('%s, whatever form the key has', async (alg, source, key) => {
    const by = verifier({ keys: source, algorithms: [alg] });
    expect((await authenticate(by, mint({ alg, key: key! }))).auth.userId).toBe(`user-${CANARY}`);
  });

  it('of any of several issuers', async () => {
    const by = verifier({ issuer: [ISSUER, 'https://other.test/'], audience: ['a', AUDIENCE] });
    expect((await authenticate(by, mint({ claims: { iss: 'https://other.test/' } }))).auth.authenticated).toBe(true);
  });

  it('larger than the default, where that is allowed', async () => {
    const token = mint({ claims: { pad: 'x'.repeat(20_000) } });
    const by = verifier({ maxTokenBytes: 40_000 });
    expect((await authenticate(by, token, { maxTokenBytes: 40_000 })).auth.authenticated).toBe(true);
  });
});

it('without a clock of its own, a verifier goes by the time of day', async () => {
  const by = new JwtVerifier({ keys: { publicKey: PEM }, issuer: ISSUER, audience: AUDIENCE });
  const now = Math.floor(Date.now() / 1_000);
  const { auth } = await authenticate(by, mint({ claims: { iat: now, exp: now + 60 } }));
  expect(auth.authenticated).toBe(true);
  await expect(authenticate(by, mint({ claims: { iat: now - 90, exp: now - 30 } }))).rejects.toMatchObject({
    code: 'AUTH_TOKEN_EXPIRED',
    reason: 'expired',
  });
});

it('a secret that is changed after construction changes nothing', async () => {
  const secret = new TextEncoder().encode(SECRET);
  const by = verifier({ keys: { secret } });
  secret.fill(0);
  expect((await authenticate(by, mint({ alg: 'HS256', key: SECRET }))).auth.authenticated).toBe(true);
});

it('a mapping that is changed after construction changes nothing', async () => {
  const roles = [{ claim: 'roles' }];
  const by = verifier({ claims: { userId: 'sub', roles } });
  roles[0]!.claim = 'wishes';
  const { auth } = await authenticate(by, mint({ claims: { roles: ['editor'], wishes: ['admin'] } }));
  expect(auth.roles).toEqual(['editor']);
});

it('a verifier shows its issuer, and neither key nor secret', () => {
  const by = verifier({ keys: { secret: SECRET } });
  expect(JSON.parse(JSON.stringify(by))).toEqual({ issuer: [ISSUER], audience: [AUDIENCE], algorithms: ['HS256'] });
  expect(JSON.stringify(by)).not.toContain(SECRET);
});

it('a mapping may be a function of the claims', async () => {
  const by = verifier({ claims: (claims) => ({ auth: AuthContext.verified({ userId: `u:${claims.sid}` }) }) });
  expect((await authenticate(by, mint())).auth.userId).toBe('u:session-1');
});

it('a set with several fitting keys needs tokens that name one', async () => {
  const keys = [SET.keys[0]!, jwkOf(KEYS.otherRsa.publicKey, { kid: 'rsa-2' })];
  const by = verifier({ keys: { jwks: { keys } }, claims: ClaimMappings.oidc() });
  await expect(authenticate(by, mint())).rejects.toMatchObject({ reason: 'unknown-key' });
  expect((await authenticate(by, mint({ header: { kid: 'rsa-1' } }))).auth.authenticated).toBe(true);
});
