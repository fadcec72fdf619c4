import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuthContext, OrgContext } from '../../../src/auth/index.js';
import { RateLimitInterceptor, type RateLimitOptions } from '../../../src/interceptors/index.js';
import { TokenBucket } from '../../../src/interceptors/token-bucket.js';
import { Rounds } from './rounds.js';

const limited = (options: RateLimitOptions) => new Rounds({ interceptors: [new RateLimitInterceptor(options)] });
const caller = (tenant: string, user: string) => ({
  auth: AuthContext.verified({ userId: user, orgId: tenant }),
  org: OrgContext.verified({ orgId: tenant }),
});

describe('a rate limit that refuses', () => {
  it('lets a burst through, then one for each token that comes, and says when to come back', async () => {
    const rounds = limited({ permits: 2, perMs: 1_000 });
    expect(await rounds.codes(3)).toEqual(['ok', 'ok', 'RATE_LIMITED']);
    const { failure } = await rounds.round();
    expect(failure).toMatchObject({ retryable: true, error: { retryAfterMs: 500 } });
    await rounds.clock.advance(500);
    expect(await rounds.codes(2)).toEqual(['ok', 'RATE_LIMITED']);
    await rounds.clock.advance(60_000);
    expect(await rounds.codes(3)).toEqual(['ok', 'ok', 'RATE_LIMITED']);
  });

  it('limits each tenant for itself, whatever the key is, and users where it is told to', async () => {
    const [ann, bob, eve] = [caller('acme', 'ann'), caller('acme', 'bob'), caller('other', 'ann')];
    const first = async (by: RateLimitOptions['by']) => {
      const rounds = limited({ permits: 1, ...(by ? { by } : {}) });
      const codes: string[] = [];
      for (const who of [ann, bob, eve]) codes.push(...(await rounds.codes(1, who)));
      return codes;
    };
    expect(await first('tenant')).toEqual(['ok', 'RATE_LIMITED', 'ok']);
    expect(await first('user')).toEqual(['ok', 'ok', 'ok']);
    expect(await first(() => 'everybody')).toEqual(['ok', 'RATE_LIMITED', 'ok']);
  });

  it('keeps so many limits and no more, and sets nobody free by the number of keys', async () => {
    const rounds = limited({ permits: 1, maxKeys: 2, by: ({ snapshot }) => snapshot.inputText ?? '' });
    const codes: string[] = [];
    for (const inputText of ['a', 'b', 'c', 'd', 'a']) codes.push(...(await rounds.codes(1, { inputText })));
    expect(codes).toEqual(['ok', 'ok', 'ok', 'RATE_LIMITED', 'RATE_LIMITED']);
    await rounds.clock.advance(1_000);
    expect(await rounds.codes(1, { inputText: 'e' })).toEqual(['ok']);
  });
});

describe('a rate limit that lets wait', () => {
  it('serves calls in the order they came, and refuses who would wait too long', async () => {
    const rounds = limited({ permits: 1, perMs: 100, whenEmpty: 'wait', maxWaitMs: 200 });
    const order: (string | null)[] = [];
    const all = ['a', 'b', 'c', 'd'].map(async (inputText) => {
      const { failure } = await rounds.round({ inputText });
      order.push(failure?.code ?? inputText);
    });
    await rounds.clock.advance(99);
    expect(order).toEqual(['RATE_LIMITED', 'a']);
    await rounds.clock.advance(101);
    await Promise.all(all);
    expect(order).toEqual(['RATE_LIMITED', 'a', 'b', 'c']);
    expect(rounds.clock.pendingTimers).toBe(0);
  });

  it('ends with the run, and gives the token back', async () => {
    const rounds = limited({ permits: 1, perMs: 1_000, whenEmpty: 'wait' });
    await rounds.round();
    const waiting = rounds.start();
    await rounds.clock.advance(100);
    waiting.cancel('enough');
    expect((await waiting.result).status).toBe('cancelled');
    expect(rounds.clock.pendingTimers).toBe(0);
    const next = rounds.start();
    await rounds.clock.advance(900);
    expect((await next.result).status).toBe('completed');
    expect(rounds.calls).toBe(2);
  });
});

it('a bucket never gives more than its burst and its rate', () => {
  const step = fc.record({ afterMs: fc.integer({ min: 0, max: 50 }), calls: fc.integer({ min: 0, max: 4 }) });
  const rates = fc.record({ permits: fc.integer({ min: 1, max: 20 }), burst: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(rates, fc.array(step, { maxLength: 40 }), ({ permits, burst }, steps) => {
      const bucket = new TokenBucket({ permits, perMs: 100, burst }, 0);
      let [now, taken] = [0, 0];
      for (const { afterMs, calls } of steps) {
        now += afterMs;
        for (let index = 0; index < calls; index++) if (bucket.take(now, 0) !== null) taken++;
        expect(taken).toBeLessThanOrEqual(burst + (now * permits) / 100 + 1e-6);
      }
    }),
    { numRuns: 200, seed: 7 },
  );
});

it.each([
  { permits: 0 },
  { permits: Number.NaN },
  { permits: 1, perMs: 0 },
  { permits: 1, burst: 0 },
  { permits: 1, by: 'everyone' },
  { permits: 1, whenEmpty: 'maybe' },
  { permits: 1, maxKeys: 0 },
])('refuses %j: METADATA_OPTION_INVALID', (options) => {
  const make = () => RateLimitInterceptor.with(options as never);
  expect(make).toThrow(expect.objectContaining({ code: 'METADATA_OPTION_INVALID' }));
});
