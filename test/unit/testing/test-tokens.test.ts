import { expect, it } from 'vitest';
import { JwtVerifier } from '../../../src/auth/jwt/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { Test } from '../../../src/testing/index.js';

it('tokens of the test kit are real ones, accepted by nobody who does not trust them', async () => {
  const tokens = Test.tokens();
  const verifier = new JwtVerifier(tokens.trust);
  const pipeline = new Pipeline('who').withStage('who', (ctx) => ({ user: ctx.auth.userId })).build({ verifier });
  expect((await pipeline.run({ token: tokens.sign({ sub: 'ann' }) })).of('who').user).toBe('ann');
  const codes = [
    tokens.sign({ sub: 'ann', exp: 1 }),
    tokens.sign({ sub: undefined }),
    Test.tokens({ audience: 'https://other.test' }).sign({ sub: 'ann' }),
    `${tokens.sign({ sub: 'ann' }).slice(0, -4)}AAAA`,
  ].map(async (token) => {
    const { results: _, ...outcome } = await pipeline.start({ token }).result;
    return 'error' in outcome ? outcome.error.code : outcome.status;
  });
  expect(await Promise.all(codes)).toEqual([
    'AUTH_TOKEN_EXPIRED',
    'AUTH_CLAIMS_INVALID',
    'AUTH_TOKEN_INVALID',
    'AUTH_TOKEN_INVALID',
  ]);
});
