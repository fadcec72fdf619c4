import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AuthContext, AuthError, authenticate, OrgContext } from '../../../../src/auth/index.js';
import { tracesOf } from '../refusals.js';
import { CANARY, CLAIMS, mint, SECRET, VERIFIERS } from './tokens.js';

const HS = { alg: 'HS256', key: SECRET };
const GOOD = mint(HS);

/** Every outcome there may be: an identity in good order, or an AuthError that gives nothing away. */
async function outcomeOf(token: string): Promise<'let in' | AuthError> {
  try {
    const { auth, org } = await authenticate(VERIFIERS.secret, token);
    expect([AuthContext.is(auth), OrgContext.is(org), auth.authenticated]).toEqual([true, true, true]);
    for (const name of [...auth.roles, ...auth.scopes, ...org.features]) expect(typeof name).toBe('string');
    for (const text of [auth.userId, auth.sessionId, auth.email, auth.orgId]) {
      expect(text === null || (typeof text === 'string' && text !== '')).toBe(true);
    }
    return 'let in';
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    const [, , signature = ''] = token.split('.');
    const pieces = [token, signature, CANARY].filter((piece) => piece.length >= 12);
    expect(tracesOf(error, pieces)).toEqual([]);
    return error;
  }
}

it('a token with one letter changed is never let in', async () => {
  const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ');
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: GOOD.length - 1 }), letters, async (at, letter) => {
      fc.pre(GOOD[at] !== letter);
      expect(await outcomeOf(`${GOOD.slice(0, at)}${letter}${GOOD.slice(at + 1)}`)).toBeInstanceOf(AuthError);
    }),
    { numRuns: 400, seed: 117 },
  );
});

it('a token cut short, or put together of parts, is never let in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: GOOD.length - 1 }), fc.nat({ max: GOOD.length }), async (end, start) => {
      expect(await outcomeOf(GOOD.slice(0, end))).toBeInstanceOf(AuthError);
      fc.pre(start !== end);
      expect(await outcomeOf(GOOD.slice(0, end) + GOOD.slice(start))).toBeInstanceOf(AuthError);
    }),
    { numRuns: 150, seed: 118 },
  );
});

it('any text is refused with an AuthError', async () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(fc.base64String({ maxLength: 40 }), { maxLength: 5 }).map((parts) => parts.join('.')),
    fc
      .array(fc.json(), { minLength: 3, maxLength: 3 })
      .map((parts) => parts.map((part) => btoa(encodeURI(part))).join('.')),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      expect(await outcomeOf(text)).toBeInstanceOf(AuthError);
    }),
    { numRuns: 150, seed: 119 },
  );
});

it('a signed token with any header is let in or refused, nothing else', async () => {
  const headers = fc.dictionary(
    fc.constantFrom('alg', 'kid', 'typ', 'cty', 'crit', 'jwk', 'jku', 'zip', 'b64', 'x5c', 'x'),
    fc.oneof(fc.constantFrom('HS256', 'none', 'RS256', 'JWT'), fc.jsonValue()),
  );
  await fc.assert(
    fc.asyncProperty(headers, async (header) => {
      await outcomeOf(mint({ ...HS, header }));
    }),
    { numRuns: 300, seed: 120 },
  );
});

it('a signed token with any claims ends in an identity in good order, or is refused', async () => {
  const names = fc.constantFrom(
    ...Object.keys(CLAIMS),
    'roles',
    'scope',
    'email',
    'email_verified',
    'org',
    'plan',
    'features',
    'nbf',
    '__proto__',
    'constructor',
  );
  const values = fc.oneof(
    fc.jsonValue(),
    fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 3 }),
    fc.constantFrom('admin', 'read write', 'ann@acme.test', true, 1_800_000_100),
  );
  let admitted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(names, values), { maxLength: 3 }), async (changes) => {
      const outcome = await outcomeOf(mint({ ...HS, claims: Object.fromEntries(changes) }));
      if (outcome === 'let in') admitted += 1;
    }),
    { numRuns: 600, seed: 121 },
  );
  expect(admitted).toBeGreaterThan(20);
  expect(({} as { admin?: unknown }).admin).toBeUndefined();
});
