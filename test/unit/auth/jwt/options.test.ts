import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ClaimMappings, JwtVerifier } from '../../../../src/auth/jwt/index.js';
import { DefinitionError } from '../../../../src/errors/index.js';
import { AUDIENCE, ISSUER, jwkOf, KEYS, PEM, SECRET, SET, verifier } from './tokens.js';

/** Which options are wrong, and what is said of them. */
function problemsOf(make: () => unknown): [option: unknown, message: string][] {
  try {
    make();
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(DefinitionError);
    return (error as DefinitionError).problems.map(({ code, details, message, fix }) => {
      expect([code, fix.length > 0]).toEqual(['AUTH_OPTION_INVALID', true]);
      return [details.option, message];
    });
  }
}

const privatePem = KEYS.rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const short = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const secp = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
const x25519 = generateKeyPairSync('x25519');

describe('keys that cannot be trusted are refused at construction', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['none', undefined, 'keys', /names no source/],
    ['null', null, 'keys', /names no source/],
    ['a text', PEM, 'keys', /names no source/],
    ['an empty object', {}, 'keys', /names no source/],
    ['two sources', { publicKey: PEM, secret: SECRET }, 'keys', /holds publicKey and secret/],
    ['two sources, both public', { publicKey: PEM, jwksUrl: 'https://a.test/' }, 'keys', /holds jwksUrl and publicKey/],
    ['a short secret', { secret: 'x'.repeat(31) }, 'keys.secret', /shorter than 32 bytes/],
    ['an empty secret', { secret: '' }, 'keys.secret', /shorter/],
    ['short secret bytes', { secret: new Uint8Array(31) }, 'keys.secret', /shorter/],
    ['a number as secret', { secret: 42 }, 'keys.secret', /neither text nor bytes/],
    ['a public key as secret', { secret: PEM }, 'keys.secret', /holds a PEM key/],
    [
      'the bytes of a public key as secret',
      { secret: new TextEncoder().encode(PEM) },
      'keys.secret',
      /holds a PEM key/,
    ],
    ['a private key as secret', { secret: privatePem }, 'keys.secret', /holds a PEM key/],
    ['a private PEM', { publicKey: privatePem }, 'keys.publicKey', /private or secret/],
    ['a private KeyObject', { publicKey: KEYS.rsa.privateKey }, 'keys.publicKey', /private or secret/],
    ['a private JWK', { publicKey: jwkOf(KEYS.p256.privateKey) }, 'keys.publicKey', /private or secret/],
    ['a secret JWK', { publicKey: { kty: 'oct', k: 'AAAA' } }, 'keys.publicKey', /private or secret/],
    ['a text that is no key', { publicKey: 'key' }, 'keys.publicKey', /cannot be read/],
    ['a broken PEM', { publicKey: PEM.slice(0, 200) }, 'keys.publicKey', /cannot be read/],
    ['a JWK without numbers', { publicKey: { kty: 'RSA' } }, 'keys.publicKey', /cannot be read/],
    ['a short RSA key', { publicKey: short.publicKey }, 'keys.publicKey', /fewer than 2048 bits/],
    ['a curve without algorithm', { publicKey: secp.publicKey }, 'keys.publicKey', /type that no algorithm/],
    ['a key for agreement', { publicKey: x25519.publicKey }, 'keys.publicKey', /type that no algorithm/],
    ['a JWK for HMAC', { publicKey: jwkOf(KEYS.rsa.publicKey, { alg: 'HS256' }) }, 'keys.publicKey', /another type/],
    [
      'a JWK for encryption',
      { publicKey: jwkOf(KEYS.rsa.publicKey, { use: 'enc' }) },
      'keys.publicKey',
      /something else/,
    ],
    ['an empty set', { jwks: { keys: [] } }, 'keys.jwks', /is no JSON Web Key Set/],
    ['a list as set', { jwks: SET.keys }, 'keys.jwks', /is no JSON Web Key Set/],
    [
      'a set with a secret',
      { jwks: { keys: [...SET.keys, { kty: 'oct', k: 'AAAA' }] } },
      'keys.jwks',
      /private or secret/,
    ],
    ['a set with a private key', { jwks: { keys: [jwkOf(KEYS.rsa.privateKey)] } }, 'keys.jwks', /private or secret/],
    ['an address without TLS', { jwksUrl: 'http://issuer.test/keys' }, 'keys.jwksUrl', /no https address/],
    ['a file', { jwksUrl: 'file:///etc/keys.json' }, 'keys.jwksUrl', /no https address/],
    ['a data address', { jwksUrl: 'data:application/json,{}' }, 'keys.jwksUrl', /no https address/],
    ['a name like this machine', { jwksUrl: 'http://localhost.attacker.test/' }, 'keys.jwksUrl', /no https address/],
    ['no address', { jwksUrl: 'issuer.test/keys' }, 'keys.jwksUrl', /no https address/],
    ['a password in the address', { jwksUrl: 'https://user:pass@issuer.test/' }, 'keys.jwksUrl', /credentials/],
    ['a negative cache age', { jwksUrl: 'https://a.test/', cacheMaxAgeMs: -1 }, 'keys.cacheMaxAgeMs', /whole number/],
    ['an endless cooldown', { jwksUrl: 'https://a.test/', cooldownMs: Infinity }, 'keys.cooldownMs', /whole number/],
    ['a timeout as text', { jwksUrl: 'https://a.test/', timeoutMs: '5s' }, 'keys.timeoutMs', /whole number/],
    ['headers as a list', { jwksUrl: 'https://a.test/', headers: ['x'] }, 'keys.headers', /no record of texts/],
  ])('%s', (_, keys, option, message) => {
    expect(problemsOf(() => verifier({ keys: keys as never }))).toEqual([[option, expect.stringMatching(message)]]);
  });

  it('http is allowed on this machine', () => {
    for (const host of ['localhost:1', '127.0.0.1:1', '[::1]:1']) {
      expect(problemsOf(() => verifier({ keys: { jwksUrl: `http://${host}/` } }))).toEqual([]);
    }
  });
});

describe('algorithms that a key must not check are refused at construction', () => {
  const keys = {
    rsa: { publicKey: PEM },
    p256: { publicKey: KEYS.p256.publicKey },
    set: { jwks: SET },
    remote: { jwksUrl: 'https://issuer.test/keys' },
    secret: { secret: SECRET.slice(0, 32) },
  };
  it.each<[keyof typeof keys, unknown, RegExp]>([
    ['rsa', ['HS256'], /HS256, which would take the public key for a secret/],
    ['rsa', ['RS256', 'HS256'], /HS256, which would take/],
    ['p256', ['HS512'], /HS512, which would take/],
    ['set', ['RS256', 'HS384'], /HS384, which would take/],
    ['remote', ['HS256'], /HS256, which would take/],
    ['secret', ['RS256'], /RS256, which needs a public key/],
    ['secret', ['HS256', 'ES256'], /ES256, which needs a public key/],
    ['secret', ['HS384'], /HS384, which needs a secret of 48 bytes/],
    ['secret', ['HS512'], /HS512, which needs a secret of 64 bytes/],
    ['rsa', ['ES256'], /ES256, which the key cannot check/],
    ['p256', ['ES384'], /ES384, which the key cannot check/],
    ['p256', ['RS256'], /RS256, which the key cannot check/],
    ['rsa', ['none'], /unknown algorithm/],
    ['secret', ['none'], /unknown algorithm/],
    ['set', ['NONE'], /unknown algorithm/],
    ['rsa', ['rs256'], /unknown algorithm/],
    ['rsa', [null], /unknown algorithm/],
    ['rsa', [['RS256']], /unknown algorithm/],
    ['rsa', [], /no list with algorithms/],
    ['rsa', 'RS256', /no list with algorithms/],
    ['rsa', {}, /no list with algorithms/],
  ])('%s: %j', (key, algorithms, message) => {
    const make = () => verifier({ keys: keys[key], algorithms: algorithms as never });
    expect(problemsOf(make)).toEqual([['algorithms', expect.stringMatching(message)]]);
  });
});

describe('other options are checked at construction', () => {
  it.each<[string, object]>([
    ['issuer', { issuer: undefined }],
    ['issuer', { issuer: '' }],
    ['issuer', { issuer: [] }],
    ['issuer', { issuer: [ISSUER, 42] }],
    ['issuer', { issuer: /test/ }],
    ['audience', { audience: undefined }],
    ['audience', { audience: null }],
    ['audience', { audience: [' '] }],
    ['audienceClaim', { audienceClaim: '' }],
    ['audienceClaim', { audienceClaim: 42 }],
    ['tokenType', { tokenType: [] }],
    ['clockToleranceMs', { clockToleranceMs: -1 }],
    ['clockToleranceMs', { clockToleranceMs: Number.NaN }],
    ['clockToleranceMs', { clockToleranceMs: Number.POSITIVE_INFINITY }],
    ['clockToleranceMs', { clockToleranceMs: '5 minutes' }],
    ['maxTokenAgeMs', { maxTokenAgeMs: '1h' }],
    ['maxTokenBytes', { maxTokenBytes: null }],
    ['expectedClaims', { expectedClaims: [] }],
    ['expectedClaims', { expectedClaims: { token_use: ['access'] } }],
    ['keyHeaders', { keyHeaders: 'use' }],
    ['claims', { claims: null }],
    ['claims', { claims: {} }],
    ['claims', { claims: 'auth0' }],
    ['claims', { claims: { ...ClaimMappings.oidc(), roles: 'roles' } }],
    ['claims', { claims: { ...ClaimMappings.oidc(), roles: [{ claim: 'roles', form: 'csv' }] } }],
    ['claims', { claims: { ...ClaimMappings.oidc(), orgId: [] } }],
    ['claims', { claims: { ...ClaimMappings.oidc(), orgId: { firstOf: [] } } }],
    ['claims', { claims: { ...ClaimMappings.oidc(), email: { claim: 'email' } } }],
    ['claims', { claims: { ...ClaimMappings.oidc(), serviceAccount: [{ claim: 'gty' }] } }],
    ['claims', { claims: { ...ClaimMappings.oidc(), rolls: [{ claim: 'roles' }] } }],
  ])('%s', (option, options) => {
    expect(problemsOf(() => verifier(options))).toEqual([[option, expect.any(String)]]);
  });

  it('all that is wrong is said at once', () => {
    const options = { keys: { publicKey: PEM }, algorithms: ['HS256', 'none'], maxTokenBytes: -1 };
    const problems = problemsOf(() => new JwtVerifier(options as never));
    expect(problems.map(([option]) => option)).toEqual([
      'algorithms',
      'algorithms',
      'issuer',
      'audience',
      'maxTokenBytes',
    ]);
  });

  it.each([[undefined], [null], [42], [[]]])('options that are %j', (options) => {
    const names = problemsOf(() => new JwtVerifier(options as never)).map(([option]) => option);
    expect(names).toEqual(['keys', 'issuer', 'audience']);
  });

  it('no message holds a key or a secret', () => {
    const secret = randomBytes(15).toString('hex');
    const pem = privatePem.split('\n')[1] ?? '';
    for (const keys of [{ secret }, { publicKey: privatePem }, { secret: privatePem }, { publicKey: secret }]) {
      const make = () => new JwtVerifier({ keys, issuer: ISSUER, audience: AUDIENCE });
      const text = JSON.stringify(problemsOf(make));
      expect([text.includes(secret), text.includes(pem), text.length > 10]).toEqual([false, false, true]);
    }
  });
});
