/* Tokens that must be refused, each with the reason. Their twins that are let in: accepted-tokens.test.ts. */
import { createHmac } from 'node:crypto';
import type { AuthFailureReason } from '../../../../src/auth/index.js';
import type { JwtVerifier } from '../../../../src/auth/jwt/index.js';
import {
  AUDIENCE,
  CANARY,
  CLAIMS,
  type Draft,
  encode,
  ISSUER,
  jwkOf,
  KEYS,
  mint,
  NOW,
  PEM,
  SECRET,
  signatureOf,
  VERIFIERS,
} from './tokens.js';

export interface HostileToken {
  readonly name: string;
  readonly token: unknown;
  readonly reason: AuthFailureReason;
  readonly verifier: JwtVerifier;
}

const V = VERIFIERS;
const row = (name: string, token: unknown, reason: AuthFailureReason, verifier: JwtVerifier = V.rsa): HostileToken => ({
  name,
  token,
  reason,
  verifier,
});
const rows = (
  what: string,
  values: readonly unknown[],
  reason: AuthFailureReason,
  draft: (value: unknown) => Draft,
  verifier: JwtVerifier = V.rsa,
): HostileToken[] => values.map((value) => row(`${what}: ${show(value)}`, mint(draft(value)), reason, verifier));

export const show = (value: unknown): string =>
  value === undefined ? 'undefined' : JSON.stringify(value).replace(/(.{60}).+/u, '$1…');

const GOOD = mint();
const [HEAD = '', BODY = '', SIGNATURE = ''] = GOOD.split('.');
const bytesOf = (part: string) => Buffer.from(part, 'base64url');

const OUTER_FORM: HostileToken[] = [
  ...[undefined, null, ''].map((token) => row(`no token: ${show(token)}`, token, 'missing')),
  ...[0, 42, true, false, {}, [], [GOOD], { token: GOOD }, () => GOOD, 1n, Symbol('t'), new Date(0)].map((token, n) =>
    row(`not a text: ${typeof token} ${n + 1}`, token, 'malformed'),
  ),
  row('a String object', new String(GOOD), 'malformed'),
  row('bytes', Buffer.from(GOOD), 'malformed'),
  row('an object that turns into a token', { toString: () => GOOD }, 'malformed'),
  ...[' ', '\t', '\n', '\r\n', '\0', '\u00a0', '\ufeff', '\u200b', 'Bearer ', 'bearer ', 'Bearer\t', 'JWT '].flatMap(
    (extra) => [
      row(`before it: ${show(extra)}`, extra + GOOD, 'malformed'),
      row(`behind it: ${show(extra)}`, GOOD + extra, 'malformed'),
    ],
  ),
  ...['"', "'", '.', '=', '==', ',', ';', '&', '#', '?', '%', '/'].flatMap((extra) => [
    row(`around it: ${extra}`, extra + GOOD + extra, 'malformed'),
    row(`behind it: ${extra}`, GOOD + extra, 'malformed'),
  ]),
  row('blanks only', '   ', 'malformed'),
  row('a blank inside', `${HEAD}. ${BODY}.${SIGNATURE}`, 'malformed'),
  row('a null byte inside', `${HEAD}.${BODY}\0.${SIGNATURE}`, 'malformed'),
  row('anything', 'literally-anything', 'malformed'),
  ...['.', '..', '...', '....'].map((token) => row(`dots only: ${token}`, token, 'malformed')),
  row('two parts', `${HEAD}.${BODY}`, 'malformed'),
  row('one part', HEAD, 'malformed'),
  row('four parts', `${GOOD}.${SIGNATURE}`, 'malformed'),
  row('five parts, as if encrypted', `${GOOD}.${BODY}.${SIGNATURE}`, 'malformed'),
  row('an empty part between', `${HEAD}..${BODY}.${SIGNATURE}`, 'malformed'),
  row('no header', `.${BODY}.${SIGNATURE}`, 'malformed'),
  row('no payload', `${HEAD}..${SIGNATURE}`, 'malformed'),
  row('no signature', `${HEAD}.${BODY}.`, 'malformed'),
  row('parts in another order', `${BODY}.${HEAD}.${SIGNATURE}`, 'malformed'),
  row('two tokens', `${GOOD},${GOOD}`, 'malformed'),
  row('a detached payload', `${HEAD}..${SIGNATURE}`, 'malformed'),
  row('JSON serialisation', JSON.stringify({ payload: BODY, protected: HEAD, signature: SIGNATURE }), 'malformed'),
  row('percent-encoded', encodeURIComponent(`${GOOD}=`), 'malformed'),
  row('full-width letters', `\uff45${GOOD.slice(1)}`, 'malformed'),
  row('padded header', `${HEAD}=.${BODY}.${SIGNATURE}`, 'malformed'),
  row('padded payload', `${HEAD}.${BODY}==.${SIGNATURE}`, 'malformed'),
  row('base64 instead of base64url', standardBase64(), 'malformed'),
  row('spare bits set in the signature', `${HEAD}.${BODY}.${spareBits(SIGNATURE)}`, 'malformed'),
  row('larger than allowed', mint({ claims: { pad: 'x'.repeat(20_000) } }), 'too-large'),
  row('larger than allowed, and no token', 'x'.repeat(16_385), 'too-large'),
  row('endless dots', '.'.repeat(16_385), 'too-large'),
  row('as many dots as allowed', '.'.repeat(16_384), 'malformed'),
  ...[1, 8, 64, 255].map((bytes) =>
    row(
      `${bytes} bytes of signature`,
      `${HEAD}.${BODY}.${encode(bytesOf(SIGNATURE).subarray(0, bytes))}`,
      'invalid-signature',
    ),
  ),
  row(
    'a signature with more behind',
    `${HEAD}.${BODY}.${encode(Buffer.concat([bytesOf(SIGNATURE), Buffer.alloc(3)]))}`,
    'invalid-signature',
  ),
];

/** Signs until base64url needs a letter that base64 writes otherwise. */
function standardBase64(): string {
  for (let n = 0; ; n++) {
    const [head, body, signature = ''] = mint({ claims: { n } }).split('.');
    if (/[-_]/.test(signature)) return `${head}.${body}.${Buffer.from(signature, 'base64url').toString('base64')}`;
  }
}

/** Another text with the same bytes: the last letter of 342 carries four bits that say nothing. */
function spareBits(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.at(-1) ?? '') + 1];
}

const NONE = Array.from({ length: 16 }, (_, bits) =>
  [...'none'].map((letter, i) => (bits & (1 << i) ? letter.toUpperCase() : letter)).join(''),
);

const hmacWith = (alg: string, secret: string | Uint8Array): string => mint({ alg, key: secret });

const ALGORITHMS: HostileToken[] = [
  ...NONE.flatMap((alg) => [
    row(`${alg}, no signature`, `${encode(JSON.stringify({ alg }))}.${BODY}.`, 'unsupported-algorithm'),
    row(`${alg}, for a secret`, mint({ header: { alg } }), 'unsupported-algorithm', V.secret),
  ]),
  ...['HS256', 'HS384', 'HS512'].flatMap((alg) => [
    row(`${alg} with the public PEM as secret`, hmacWith(alg, PEM), 'unsupported-algorithm'),
    row(`${alg} with the trimmed public PEM`, hmacWith(alg, PEM.trim()), 'unsupported-algorithm'),
    row(
      `${alg} with the public DER`,
      hmacWith(alg, KEYS.rsa.publicKey.export({ type: 'spki', format: 'der' })),
      'unsupported-algorithm',
    ),
    row(
      `${alg} with the public JWK, for a key set`,
      hmacWith(alg, JSON.stringify(jwkOf(KEYS.rsa.publicKey))),
      'unsupported-algorithm',
      V.set,
    ),
    row(
      `${alg} with the modulus`,
      hmacWith(alg, Buffer.from(`${jwkOf(KEYS.rsa.publicKey).n}`, 'base64url')),
      'unsupported-algorithm',
      V.set,
    ),
    row(`${alg} with the empty secret`, hmacWith(alg, ''), 'unsupported-algorithm', V.jwk),
  ]),
  ...['RS256', 'PS256', 'ES256', 'EdDSA'].map((alg) =>
    row(`${alg} for a secret`, mint({ header: { alg } }), 'unsupported-algorithm', V.secret),
  ),
  ...['HS384', 'HS512'].map((alg) =>
    row(
      `${alg} with the right secret, where HS256 is allowed`,
      hmacWith(alg, SECRET),
      'unsupported-algorithm',
      V.secret,
    ),
  ),
  ...['RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((alg) =>
    row(`${alg} with the right key, where RS256 is allowed`, mint({ alg }), 'unsupported-algorithm', V.rs256),
  ),
  row(
    'ES256 by a P-256 key, for an RSA key',
    mint({ alg: 'ES256', key: KEYS.p256.privateKey }),
    'unsupported-algorithm',
  ),
  row('EdDSA, for an RSA key', mint({ alg: 'EdDSA', key: KEYS.ed25519.privateKey }), 'unsupported-algorithm'),
  row('RS256, for a P-256 key', mint(), 'unsupported-algorithm', V.p256),
  row('ES384, for a P-256 key', mint({ alg: 'ES384', key: KEYS.p384.privateKey }), 'unsupported-algorithm', V.p256),
  row('ES512, for a P-256 key', mint({ alg: 'ES512', key: KEYS.p521.privateKey }), 'unsupported-algorithm', V.p256),
  row(
    'ES256, for an Ed25519 key',
    mint({ alg: 'ES256', key: KEYS.p256.privateKey }),
    'unsupported-algorithm',
    V.ed25519,
  ),
  row('ES384 that the set has no key for', mint({ alg: 'ES384', key: KEYS.p384.privateKey }), 'unknown-key', V.set),
  ...[
    '',
    ' RS256',
    'RS256 ',
    'rs256',
    'Rs256',
    'RS256\0',
    'RSA',
    'RSA1_5',
    'SHA256',
    'ES256K',
    'dir',
    'A128KW',
    '__proto__',
    'constructor',
    'toString',
  ].map((alg) => row(`algorithm ${show(alg)}`, mint({ header: { alg } }), 'unsupported-algorithm')),
  ...rows('algorithm', [undefined, null, 0, 256, true, [], ['RS256'], {}, { RS256: true }], 'malformed', (alg) => ({
    header: { alg },
  })),
];

const KIDS = [
  '../../../../dev/null',
  '/dev/null',
  'file:///etc/passwd',
  'https://attacker.test/keys.json',
  "' OR 1=1 --",
  "x' UNION SELECT 'secret';--",
  '| cat /etc/passwd',
  '$(id)',
  'rsa-1\0',
  'RSA-1',
  ' rsa-1',
  'rsa-1 ',
  'rsa-2',
  '__proto__',
  'constructor',
  'p256-1',
  'ed-1',
  '\u0072\u0455a-1',
  'k'.repeat(256),
];
const ODD_KIDS = [null, 0, 1, true, '', [], ['rsa-1'], {}, { kid: 'rsa-1' }, 'k'.repeat(257)];
const attacker = KEYS.otherRsa;

const HEADERS: HostileToken[] = [
  ...rows('key id, one key', KIDS, 'unknown-key', (kid) => ({ header: { kid } }), V.jwk),
  ...rows('key id, key set', KIDS, 'unknown-key', (kid) => ({ header: { kid } }), V.set),
  ...rows('odd key id, key set', ODD_KIDS, 'malformed', (kid) => ({ header: { kid } }), V.set),
  ...rows('odd key id, nameless key', ODD_KIDS, 'malformed', (kid) => ({ header: { kid } })),
  ...rows('crit', [['exp'], ['b64'], ['x'], [], 'exp', null, {}, ['exp', 'exp']], 'malformed', (crit) => ({
    header: { crit, exp: 1, x: 1 },
  })),
  ...rows('b64', [true, false], 'malformed', (b64) => ({ header: { b64, crit: ['b64'] } })),
  ...rows('zip', ['DEF', 'GZIP', null], 'malformed', (zip) => ({ header: { zip } })),
  ...rows('cty', ['JWT', 'jwt', 'application/jwt'], 'malformed', (cty) => ({ header: { cty } })),
  row('enc', mint({ header: { enc: 'A256GCM' } }), 'malformed'),
  row('a nested token', mint({ header: { cty: 'JWT' }, claims: GOOD }), 'malformed'),
  row(
    'jwk of the attacker',
    mint({ key: attacker.privateKey, header: { jwk: jwkOf(attacker.publicKey) } }),
    'malformed',
  ),
  row(
    'jwk of the attacker, ignored',
    mint({ key: attacker.privateKey, header: { jwk: jwkOf(attacker.publicKey) } }),
    'invalid-signature',
    V.lenient,
  ),
  row(
    'jwk that is a secret',
    mint({ alg: 'RS256', key: attacker.privateKey, header: { jwk: { kty: 'oct', k: 'AAAA' } } }),
    'malformed',
  ),
  ...['jku', 'x5u'].flatMap((name) =>
    rows(name, ['https://attacker.test/jwks', 'file:///keys', 'http://169.254.169.254/latest'], 'malformed', (url) => ({
      key: attacker.privateKey,
      header: { [`${name}`]: url },
    })),
  ),
  row(
    'jku, ignored',
    mint({ key: attacker.privateKey, header: { jku: 'https://attacker.test/' } }),
    'invalid-signature',
    V.lenient,
  ),
  row('x5c of the attacker', mint({ key: attacker.privateKey, header: { x5c: ['MIIB'] } }), 'malformed'),
  ...rows(
    'typ, where at+jwt is expected',
    [undefined, 'JWT', 'jwt', 'at', 'id+jwt', '', null, 42, ['at+jwt']],
    'wrong-type',
    (typ) => ({ header: { typ } }),
    V.typed,
  ),
  row('alg twice', mint({ header: '{"alg":"none","alg":"RS256"}' }), 'malformed'),
  row('alg twice, the other way', mint({ header: '{"alg":"RS256","alg":"none"}' }), 'malformed'),
  row('alg twice, once escaped', mint({ header: '{"alg":"RS256","\\u0061lg":"RS256"}' }), 'malformed'),
  row('kid twice', mint({ header: '{"alg":"RS256","kid":"a","kid":"rsa-1"}' }), 'malformed', V.set),
  ...[
    'null',
    '42',
    '"RS256"',
    '[]',
    '[{"alg":"RS256"}]',
    'true',
    '',
    ' ',
    '{',
    '{"alg":"RS256"',
    '{"alg":"RS256"}}',
    "{'alg':'RS256'}",
    '{alg:"RS256"}',
    '{"alg":"RS256",}',
    'NaN',
    '\ufeff{"alg":"RS256"}',
  ].map((header) => row(`header ${show(header)}`, mint({ header }), 'malformed')),
  row('a header in no UTF-8', mint({ header: Buffer.from('{"alg":"RS256","x":"\xff"}', 'latin1') }), 'malformed'),
  row('a header within a header', mint({ header: '{"header":{"alg":"RS256"}}' }), 'malformed'),
];

const es256 = mint({ alg: 'ES256', key: KEYS.p256.privateKey });
const ES_HEAD = es256.split('.').slice(0, 2).join('.');
/** The order of P-256. */
const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const zeros = (bytes: number) => Buffer.alloc(bytes);
const one = Buffer.concat([zeros(31), Buffer.from([1])]);
const otherBody = encode(JSON.stringify({ ...CLAIMS, roles: ['admin'] }));

const SIGNATURES: HostileToken[] = [
  row('signed by another key', mint({ key: attacker.privateKey }), 'invalid-signature'),
  row(
    'signed by another key, for a key set',
    mint({ key: attacker.privateKey, header: { kid: 'rsa-1' } }),
    'invalid-signature',
    V.set,
  ),
  row('PS256 that is RS256', mint({ alg: 'PS256', signAs: 'RS256' }), 'invalid-signature'),
  row('RS256 that is PS256', mint({ alg: 'RS256', signAs: 'PS256' }), 'invalid-signature'),
  row('RS256 that is RS512', mint({ alg: 'RS256', signAs: 'RS512' }), 'invalid-signature'),
  row(
    'RS256 that is an HMAC with the public PEM',
    mint({ signature: createHmac('sha256', PEM).update(`${HEAD}.${BODY}`).digest() }),
    'invalid-signature',
  ),
  row('RSA zeros', mint({ signature: zeros(256) }), 'invalid-signature'),
  row('RSA one', mint({ signature: Buffer.concat([zeros(255), Buffer.from([1])]) }), 'invalid-signature'),
  row('RSA all ones', mint({ signature: Buffer.alloc(256, 255) }), 'invalid-signature'),
  row('the signature of another payload', `${HEAD}.${otherBody}.${SIGNATURE}`, 'invalid-signature'),
  row('the signature of another header', `${encode('{"alg":"RS256"}')}.${BODY}.${SIGNATURE}`, 'invalid-signature'),
  row('the payload as signature', `${HEAD}.${BODY}.${BODY}`, 'invalid-signature'),
  row(
    'a payload that is no JSON, signed by another key',
    mint({ claims: 'x', key: attacker.privateKey }),
    'invalid-signature',
  ),
  ...[
    ['zeros', zeros(64)],
    ['r = 0, s = 1', Buffer.concat([zeros(32), one])],
    ['r = 1, s = 0', Buffer.concat([one, zeros(32)])],
    ['r = n, s = n', Buffer.concat([ORDER, ORDER])],
    ['r = n, s = 0', Buffer.concat([ORDER, zeros(32)])],
    ['r = 0, s = n', Buffer.concat([zeros(32), ORDER])],
    ['32 bytes', zeros(32)],
    ['65 bytes', zeros(65)],
    ['one byte', zeros(1)],
    ['all ones', Buffer.alloc(64, 255)],
    ['DER', Buffer.from('30060201000201003006020100020100', 'hex')],
  ].map(([name, signature]) =>
    row(`ES256 ${name}`, `${ES_HEAD}.${encode(signature as Buffer)}`, 'invalid-signature', V.p256),
  ),
  row(
    'ES256 by another P-256 key',
    mint({ alg: 'ES256', key: KEYS.otherP256.privateKey }),
    'invalid-signature',
    V.p256,
  ),
  row('ES256 by a P-384 key', mint({ alg: 'ES256', key: KEYS.p384.privateKey }), 'invalid-signature', V.p256),
  row('ES256 that is an HMAC', `${ES_HEAD}.${encode(signatureOf('HS512', PEM, ES_HEAD))}`, 'invalid-signature', V.p256),
  row('EdDSA zeros', mint({ alg: 'EdDSA', signature: zeros(64) }), 'invalid-signature', V.ed25519),
  row('EdDSA, too short', mint({ alg: 'EdDSA', signature: zeros(63) }), 'invalid-signature', V.ed25519),
  row('HS256 with another secret', hmacWith('HS256', `${SECRET}x`), 'invalid-signature', V.secret),
  row('HS256 with the empty secret', hmacWith('HS256', ''), 'invalid-signature', V.secret),
  row('HS256 with half the secret', hmacWith('HS256', SECRET.slice(0, 32)), 'invalid-signature', V.secret),
  row(
    'HS256, first byte only',
    mint({ alg: 'HS256', signature: signatureOf('HS256', SECRET, 'x').subarray(0, 1) }),
    'invalid-signature',
    V.secret,
  ),
  ...[0, 1, 100, 255].map((at) => {
    const flipped = bytesOf(SIGNATURE);
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    return row(`a flipped bit in byte ${at}`, `${HEAD}.${BODY}.${encode(flipped)}`, 'invalid-signature');
  }),
];

const ODD_TIMES = ['1800000600', '', null, true, [], [NOW + 600], {}, { $date: NOW }];

const TIMES: HostileToken[] = [
  ...rows('exp', [NOW, NOW - 1, NOW - 600, 0, -1, -(2 ** 53), NOW - 0.001], 'expired', (exp) => ({ claims: { exp } })),
  ...rows('exp beyond the tolerance', [NOW - 5, NOW - 6], 'expired', (exp) => ({ claims: { exp } }), V.tolerant),
  row('exp in milliseconds of long ago', mint({ claims: { exp: NOW / 1_000 } }), 'expired'),
  row('no exp', mint({ claims: { exp: undefined } }), 'missing-claims'),
  ...rows('exp', ODD_TIMES, 'invalid-claims', (exp) => ({ claims: { exp } })),
  row(
    'exp beyond all numbers',
    mint({ claims: JSON.stringify(CLAIMS).replace(`${NOW + 600}`, '1e999') }),
    'invalid-claims',
  ),
  ...rows('nbf', [NOW + 1, NOW + 600, 2 ** 53], 'not-yet-valid', (nbf) => ({ claims: { nbf } })),
  row('nbf beyond the tolerance', mint({ claims: { nbf: NOW + 6 } }), 'not-yet-valid', V.tolerant),
  ...rows('nbf', ODD_TIMES, 'invalid-claims', (nbf) => ({ claims: { nbf } })),
  ...rows('iat', [NOW + 1, NOW + 600, 2 ** 53], 'not-yet-valid', (iat) => ({ claims: { iat } })),
  row('iat beyond the tolerance', mint({ claims: { iat: NOW + 6 } }), 'not-yet-valid', V.tolerant),
  ...rows('iat', ODD_TIMES, 'invalid-claims', (iat) => ({ claims: { iat } })),
  ...rows('issued too long ago', [NOW - 61, NOW - 3_600, 0], 'expired', (iat) => ({ claims: { iat } }), V.aged),
  row('no iat where age is limited', mint({ claims: { iat: undefined } }), 'missing-claims', V.aged),
  row('iat in the future where age is limited', mint({ claims: { iat: NOW + 1 } }), 'not-yet-valid', V.aged),
];

const ISSUERS = [
  'https://issuer.test',
  'https://issuer.test//',
  'http://issuer.test/',
  'https://ISSUER.test/',
  'https://issuer.test./',
  'https://issuer.test:443/',
  'https://issuer.test/%2f',
  'https://issuer.test/?',
  'https://issuer.test/#',
  'https://issuer.test/\0',
  ' https://issuer.test/',
  'https://issuer.test/ ',
  'https://issuer.test/\n',
  'https://іssuer.test/',
  'https://issuer。test/',
  'https://ıssuer.test/',
  'https://issuer.test\u200b/',
  'https://issuer.test/attacker',
  'https://issuer.test.attacker.test/',
  'https://issuer.test/@attacker.test/',
  'https://attacker.test/https://issuer.test/',
  '',
  '*',
  'null',
  null,
  0,
  true,
  [],
  [ISSUER],
  { iss: ISSUER },
];
const AUDIENCES = [
  'https://api.test/',
  'https://api.tes',
  'https://api.test.attacker.test',
  'HTTPS://API.TEST',
  'https://api.test ',
  'https://аpi.test',
  'https://api.test,https://other.test',
  'https://api.test https://other.test',
  '*',
  '',
  [],
  ['https://other.test'],
  ['https://other.test', 'https://api.test/'],
  [[AUDIENCE]],
  [{ aud: AUDIENCE }],
  [null],
  null,
  0,
  true,
  {},
  { 0: AUDIENCE, length: 1 },
  { [AUDIENCE]: true },
];

const ADDRESSEES: HostileToken[] = [
  ...rows('issuer', ISSUERS, 'wrong-issuer', (iss) => ({ claims: { iss } })),
  row('no issuer', mint({ claims: { iss: undefined } }), 'missing-claims'),
  ...rows('audience', AUDIENCES, 'wrong-audience', (aud) => ({ claims: { aud } })),
  ...rows(
    'audience among other things',
    [
      [AUDIENCE, 42],
      [AUDIENCE, null],
      [AUDIENCE, {}],
      [AUDIENCE, [AUDIENCE]],
    ],
    'invalid-claims',
    (aud) => ({ claims: { aud } }),
  ),
  row('no audience', mint({ claims: { aud: undefined } }), 'missing-claims'),
  ...rows(
    'client',
    ['app-3', 'app-1 ', 'APP-1', 'app-1,app-2'],
    'wrong-audience',
    (client_id) => ({ claims: { client_id } }),
    V.client,
  ),
  ...rows(
    'client',
    [null, 1, true, [], ['app-1'], {}],
    'invalid-claims',
    (client_id) => ({ claims: { client_id } }),
    V.client,
  ),
  row('no client', mint(), 'missing-claims', V.client),
  ...rows(
    'token_use',
    ['id', '', null, ['access'], 'Access', true],
    'invalid-claims',
    (token_use) => ({ claims: { token_use, level: 2 } }),
    V.expecting,
  ),
  ...rows(
    'level',
    ['2', 3, null, [2], true],
    'invalid-claims',
    (level) => ({ claims: { token_use: 'access', level } }),
    V.expecting,
  ),
  row('no token_use', mint({ claims: { level: 2 } }), 'missing-claims', V.expecting),
];

/** Values that are no id: each with something of the caller in it, where there is room. */
const ODD_TEXTS = [
  null,
  0,
  42,
  -1,
  1.5,
  true,
  false,
  [],
  [`${CANARY}`],
  {},
  { id: CANARY },
  '',
  ' ',
  `${CANARY} `,
  ` ${CANARY}`,
  `${CANARY}\n`,
  `${CANARY}\0`,
  `${CANARY}\u200b`,
  `\u202e${CANARY}`,
  `\ufeff${CANARY}`,
  '\ud800',
  '__proto__',
  'constructor',
  'toString',
  'x'.repeat(1_025),
];
/** Values that are no list of names. */
const ODD_LISTS = [
  'admin',
  CANARY,
  '',
  'admin,editor',
  null,
  0,
  42,
  true,
  {},
  { 0: 'admin', length: 1 },
  { admin: true },
  [{}],
  [null],
  [42],
  [true],
  [''],
  [' '],
  ['admin', 42],
  ['admin', null],
  [['admin']],
  [{ name: 'admin' }],
  ['__proto__'],
  ['constructor'],
  ['hasOwnProperty'],
  ['admin '],
  ['admin\0'],
  ['admin\n'],
  ['adm\u200bin'],
  ['\u202enimda'],
  ['x'.repeat(1_025)],
];
const EMAILS = [
  'аnn@acme.test',
  'ann@аcme.test',
  'ann@äcme.test',
  'änn@acme.test',
  'ann@acme.test\u200b',
  'ann@acme.test\n',
  'ann@acme.test\0',
  ' ann@acme.test',
  'ann@acme.test ',
  'ann',
  '@acme.test',
  'ann@',
  'ann@acme@evil.test',
  'ann bob@acme.test',
  '',
  `${'x'.repeat(250)}@a.test`,
  null,
  42,
  true,
  [],
  ['ann@acme.test'],
  {},
];

const WRONG_CLAIMS: HostileToken[] = [
  row('no subject', mint({ claims: { sub: undefined } }), 'missing-claims'),
  ...['sub', 'sid', 'org', 'plan', 'client_id'].flatMap((claim) =>
    rows(claim, ODD_TEXTS, 'invalid-claims', (value) => ({ claims: { [claim]: value } })),
  ),
  ...['roles', 'features'].flatMap((claim) =>
    rows(claim, ODD_LISTS, 'invalid-claims', (value) => ({ claims: { [claim]: value } })),
  ),
  ...rows(
    'scope',
    [null, 42, true, [], ['read'], {}, ' ', 'a  b', ' a', 'a ', 'a\tb', 'a\nb', '__proto__', 'a constructor'],
    'invalid-claims',
    (scope) => ({ claims: { scope } }),
  ),
  ...rows('email', EMAILS, 'invalid-claims', (email) => ({ claims: { email, email_verified: true } })),
  ...rows('email_verified', ['true', 'false', '', 1, 0, null, [], [true], {}], 'invalid-claims', (email_verified) => ({
    claims: { email: 'ann@acme.test', email_verified },
  })),
  ...rows('payload', ['null', '42', '"x"', '[]', 'true'], 'malformed', (claims) => ({ claims: claims as string })),
  ...[
    '',
    'x',
    '{',
    '{"sub":"a"}}',
    `${JSON.stringify(CLAIMS)},`,
    JSON.stringify([CLAIMS]),
    JSON.stringify(JSON.stringify(CLAIMS)),
  ].map((claims) => row(`payload ${show(claims)}`, mint({ claims }), 'malformed')),
  row('a payload with a byte order mark', mint({ claims: `\ufeff${JSON.stringify(CLAIMS)}` }), 'malformed'),
  row(
    'a payload in no UTF-8',
    mint({ claims: Buffer.from(JSON.stringify({ ...CLAIMS, x: '\xff' }), 'latin1') }),
    'malformed',
  ),
  ...['sub', 'iss', 'exp', 'aud'].flatMap((claim) => {
    const value = JSON.stringify(CLAIMS[claim]);
    const text = JSON.stringify(CLAIMS);
    const escaped = `\\u00${claim.charCodeAt(0).toString(16)}${claim.slice(1)}`;
    return [
      row(`${claim} twice`, mint({ claims: text.replace('{', `{"${claim}":${value},`) }), 'malformed'),
      row(`${claim} twice, once escaped`, mint({ claims: text.replace('{', `{"${escaped}":${value},`) }), 'malformed'),
    ];
  }),
  row(
    'a claim twice, far inside',
    mint({ claims: JSON.stringify(CLAIMS).replace('{', '{"a":[{"b":{"c":1,"c":1}}],') }),
    'malformed',
  ),
  ...[
    '{"__proto__":{"admin":true},',
    '{"__proto__":null,',
    '{"a":{"__proto__":{"admin":true}},',
    '{"a":[{"__proto__":[]}],',
    '{"constructor":{"prototype":{"admin":true}},',
    '{"a":{"constructor":{"prototype":{}}},',
    '{"\\u005f_proto__":{"admin":true},',
    `{"deep":${'['.repeat(40)}${']'.repeat(40)},`,
    `{"deep":${'{"a":'.repeat(40)}1${'}'.repeat(40)},`,
    `{"deep":${'['.repeat(2_000)}${']'.repeat(2_000)},`,
    '{"big":1e999,',
  ].map((start) =>
    row(`payload ${show(start)}`, mint({ claims: JSON.stringify(CLAIMS).replace('{', start) }), 'invalid-claims'),
  ),
];

export const HOSTILE_TOKENS: Readonly<Record<string, readonly HostileToken[]>> = {
  'of another form': OUTER_FORM,
  'by their algorithm': ALGORITHMS,
  'by their header': HEADERS,
  'by their signature': SIGNATURES,
  'by their times': TIMES,
  'by issuer and audience': ADDRESSEES,
  'by their claims': WRONG_CLAIMS,
};
