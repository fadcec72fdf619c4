import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyError, defaultErrorClassifier, StageflowError } from '../../../src/errors/index.js';

const NOW = Date.UTC(2026, 0, 1);
const classify = (error: unknown) => classifyError(error, NOW);
const failed = (fields: object, cause?: unknown) => Object.assign(new Error('x', { cause }), fields);
const own = (
  code: 'AUTH_FORBIDDEN' | 'INPUT_UNDECLARED' | 'STAGE_TIMEOUT' | 'STAGE_CANCELLED' | 'STAGE_FAILED',
  cause?: unknown,
) => new StageflowError({ code, message: 'x', cause });

describe('classifying by structure', () => {
  it.each([
    [{ status: 429 }, 'transient', 'HTTP_429', true],
    [{ statusCode: 503 }, 'transient', 'HTTP_503', true],
    [{ response: { status: 502 } }, 'transient', 'HTTP_502', true],
    [{ status: 401 }, 'policy', 'HTTP_401', false],
    [{ status: 403 }, 'policy', 'HTTP_403', false],
    [{ status: 404 }, 'permanent', 'HTTP_404', false],
    [{ status: 422 }, 'permanent', 'HTTP_422', false],
    [{ status: 501 }, 'permanent', 'HTTP_501', false],
    [{ status: 200 }, 'unknown', 'UNKNOWN', true],
    [{ code: 'ECONNRESET' }, 'transient', 'ECONNRESET', true],
    [{ code: 'ETIMEDOUT' }, 'transient', 'ETIMEDOUT', true],
    [{ code: 'ENOENT' }, 'permanent', 'ENOENT', false],
    [{ code: 'EACCES' }, 'policy', 'EACCES', false],
    [{ code: 'ENOSPC' }, 'systemic', 'ENOSPC', false],
    [{ name: 'AbortError' }, 'cancelled', 'AbortError', false],
    [{ name: 'TimeoutError' }, 'transient', 'TimeoutError', true],
    [{ retryable: true }, 'transient', 'UNKNOWN', true],
    [{ retryable: false }, 'permanent', 'UNKNOWN', false],
    [{ code: 'MINE' }, 'unknown', 'MINE', true],
  ])('%j is %s (036)', (fields, category, code, retryable) => {
    expect(classify(failed(fields))).toEqual({ category, code, retryable, retryAfterMs: null });
  });

  it('knows the errors of AWS', () => {
    const throttled = {
      name: 'ThrottlingException',
      $metadata: { httpStatusCode: 400 },
      $retryable: { throttling: true },
    };
    expect(classify(failed(throttled))).toMatchObject({ code: 'ThrottlingException', retryable: true });
    expect(classify(failed({ name: 'SlowDown' }))).toMatchObject({ category: 'transient', retryable: true });
    const denied = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } };
    expect(classify(failed(denied))).toMatchObject({ category: 'policy', code: 'AccessDeniedException' });
  });

  it('knows the errors of OpenAI: an exhausted quota is no rate limit, and x-should-retry decides', () => {
    const limited = {
      status: 429,
      code: 'rate_limit_exceeded',
      type: 'requests',
      headers: { 'retry-after-ms': '1500' },
    };
    expect(classify(failed(limited))).toMatchObject({ category: 'transient', retryable: true, retryAfterMs: 1_500 });
    const quota = { status: 429, code: 'insufficient_quota', type: 'insufficient_quota' };
    expect(classify(failed(quota))).toMatchObject({ category: 'policy', retryable: false });
    const told = { status: 503, headers: new Headers({ 'x-should-retry': 'false' }) };
    expect(classify(failed(told))).toMatchObject({ category: 'transient', retryable: false });
  });

  it('looks through to the cause of an error that says nothing, but not through one that does', () => {
    expect(classify(new TypeError('fetch failed', { cause: failed({ code: 'ECONNREFUSED' }) }))).toMatchObject({
      category: 'transient',
      code: 'ECONNREFUSED',
    });
    expect(classify(new TypeError('x is not a function'))).toMatchObject({ category: 'logic', retryable: false });
    expect(classify(failed({ status: 404 }, failed({ status: 503 })))).toMatchObject({ code: 'HTTP_404' });
    const circle = failed({});
    circle.cause = circle;
    expect(classify(circle)).toMatchObject({ category: 'unknown' });
  });

  it("knows stageflow's own codes, and takes a failed stage for what it failed with", () => {
    expect(classify(own('AUTH_FORBIDDEN'))).toMatchObject({ category: 'policy', retryable: false });
    expect(classify(own('INPUT_UNDECLARED'))).toMatchObject({ category: 'logic', retryable: false });
    expect(classify(own('STAGE_TIMEOUT'))).toMatchObject({ category: 'transient', retryable: true });
    expect(classify(own('STAGE_CANCELLED'))).toMatchObject({ category: 'cancelled', retryable: false });
    expect(classify(own('STAGE_FAILED', failed({ status: 503 })))).toMatchObject({ code: 'HTTP_503', retryable: true });
  });

  it('knows the exceptions of the platform', () => {
    expect(classify(new DOMException('late', 'TimeoutError'))).toMatchObject({ category: 'transient' });
    expect(classify(AbortSignal.abort().reason)).toMatchObject({ category: 'cancelled', retryable: false });
  });
});

describe('Retry-After', () => {
  const date = new Date(NOW + 90_000).toUTCString();
  it.each([
    ['seconds in a Headers object', { headers: new Headers({ 'Retry-After': '7' }) }, 7_000],
    ['a plain object in any case', { headers: { 'ReTry-AFTER': '0.5' } }, 500],
    ['a list of values', { response: { status: 503, headers: { 'retry-after': ['3', '9'] } } }, 3_000],
    ['raw headers', { headers: ['Date', 'x', 'Retry-After', '4'] }, 4_000],
    ['pairs', { headers: [['retry-after', '4']] }, 4_000],
    ['a Map', { headers: new Map([['Retry-After', 2]]) }, 2_000],
    ['an HTTP date', { headers: { 'retry-after': date } }, 90_000],
    ['a date that has passed', { headers: { 'retry-after': new Date(NOW - 1).toUTCString() } }, 0],
    ['a field in ms', { retryAfterMs: 250 }, 250],
    ['a field in seconds', { retryAfter: 2 }, 2_000],
    ['nonsense', { headers: { 'retry-after': 'soon' }, retryAfter: Number.NaN, retryAfterMs: -1 }, null],
    ['an endless number', { headers: { 'retry-after': '9'.repeat(400) } }, null],
  ])('is read from %s (036)', (_, fields, retryAfterMs) => {
    expect(classify(failed(fields)).retryAfterMs).toBe(retryAfterMs);
  });
});

it('never throws and always answers, whatever was thrown', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const loud = {
    get status() {
      throw new Error('no');
    },
    get cause() {
      throw new Error('no');
    },
  };
  const loudHeaders = {
    status: 503,
    headers: {
      get: () => {
        throw new Error('no');
      },
    },
  };
  for (const thrown of [
    null,
    undefined,
    'text',
    7,
    Symbol('s'),
    () => {},
    proxy,
    loud,
    loudHeaders,
    Object.create(null),
  ]) {
    expect(Object.keys(classify(thrown))).toEqual(['category', 'code', 'retryable', 'retryAfterMs']);
  }
  expect(classify(loudHeaders)).toMatchObject({ code: 'HTTP_503' });
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, maxDepth: 3 }), (thrown) => {
      const { retryAfterMs } = defaultErrorClassifier.classify(thrown, NOW);
      expect(retryAfterMs === null || retryAfterMs >= 0).toBe(true);
    }),
    { numRuns: 200, seed: 4 },
  );
});
