import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { authenticate } from '../../../../src/auth/index.js';
import type { JwtVerifier, RemoteKeys } from '../../../../src/auth/jwt/index.js';
import { refusal, tracesOf } from '../refusals.js';
import { CANARY, type Draft, jwkOf, KEYS, mint, NOW, verifier } from './tokens.js';

const oldKey = jwkOf(KEYS.p256.publicKey, { kid: 'old', use: 'sig' });
const nextKey = jwkOf(KEYS.otherP256.publicKey, { kid: 'next', use: 'sig' });
const byOld = (more: Draft = {}) => mint({ alg: 'ES256', key: KEYS.p256.privateKey, header: { kid: 'old' }, ...more });
const byNext = () => mint({ alg: 'ES256', key: KEYS.otherP256.privateKey, header: { kid: 'next' } });

let server: Server;
let answer: RequestListener;
let requests: number;
let origin: string;

const send = (response: ServerResponse, body: unknown, type = 'application/json', status = 200): void => {
  response.writeHead(status, { 'content-type': type }).end(typeof body === 'string' ? body : JSON.stringify(body));
};
const serve = (...keys: object[]): void => {
  answer = (_, response) => send(response, { keys });
};

beforeEach(async () => {
  requests = 0;
  serve(oldKey);
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const remote = (options: Partial<RemoteKeys> = {}): JwtVerifier =>
  verifier({ keys: { jwksUrl: `${origin}/jwks.json`, ...options } });
const later = (ms: number): void => void vi.setSystemTime(Date.now() + ms);
const admitted = async (by: JwtVerifier, token: string): Promise<boolean> =>
  (await authenticate(by, token)).auth.authenticated;

describe('published keys', () => {
  it('are fetched when the first token comes, and once for many', async () => {
    const by = remote();
    expect(requests).toBe(0);
    expect(await Promise.all(Array.from({ length: 20 }, () => admitted(by, byOld())))).not.toContain(false);
    expect(await admitted(by, byOld())).toBe(true);
    expect(requests).toBe(1);
  });

  it('are fetched again once they are older than allowed', async () => {
    const by = remote({ cacheMaxAgeMs: 60_000 });
    await admitted(by, byOld());
    later(59_999);
    await admitted(by, byOld());
    expect(requests).toBe(1);
    later(1);
    await admitted(by, byOld());
    expect(requests).toBe(2);
  });

  it('are fetched once more for a key that they lack, so that keys can be rotated', async () => {
    const by = remote({ cooldownMs: 30_000 });
    await admitted(by, byOld());
    serve(oldKey, nextKey);
    later(30_000);
    expect(await admitted(by, byNext())).toBe(true);
    expect(await admitted(by, byOld())).toBe(true);
    expect(requests).toBe(2);
  });

  it('are not fetched again for unknown keys within the cooldown, however many tokens come', async () => {
    const by = remote({ cooldownMs: 30_000 });
    await admitted(by, byOld());
    serve(oldKey, nextKey);
    later(29_999);
    for (const kid of ['next', '../../etc/passwd', 'a', 'b', 'c']) {
      expect((await refusal(by, byOld({ header: { kid } }))).reason).toBe('unknown-key');
    }
    expect(requests).toBe(1);
  });

  it('that were withdrawn admit nobody any more once the set was fetched again', async () => {
    const by = remote({ cacheMaxAgeMs: 60_000 });
    await admitted(by, byOld());
    serve(nextKey);
    later(60_000);
    expect((await refusal(by, byOld())).reason).toBe('unknown-key');
    expect(await admitted(by, byNext())).toBe(true);
  });

  it('are asked for with the given headers', async () => {
    let seen: string | undefined;
    answer = (request, response) => {
      seen = request.headers['x-key'] as string;
      send(response, { keys: [oldKey] });
    };
    await admitted(remote({ headers: { 'x-key': 'open' } }), byOld());
    expect(seen).toBe('open');
  });

  it('count whatever content type they are sent with', async () => {
    answer = (_, response) => send(response, { keys: [oldKey] }, 'text/plain');
    expect(await admitted(remote(), byOld())).toBe(true);
  });

  it('are not asked for by a token that is refused for its form', async () => {
    const by = remote();
    expect((await refusal(by, byOld({ header: { alg: 'none' } }))).reason).toBe('unsupported-algorithm');
    expect((await refusal(by, byOld({ header: { jku: `${origin}/attacker` } }))).reason).toBe('malformed');
    expect(requests).toBe(0);
  });

  it('admit nobody with a key of another type, or one for another use', async () => {
    serve({ ...oldKey, use: 'enc' }, jwkOf(KEYS.rsa.publicKey, { kid: 'rsa' }), {
      kty: 'oct',
      k: 'AAAA',
      kid: 'secret',
    });
    const by = remote({ cooldownMs: 0 });
    expect((await refusal(by, byOld())).reason).toBe('unknown-key');
    expect((await refusal(by, byOld({ header: { kid: 'rsa' } }))).reason).toBe('unknown-key');
    expect((await refusal(by, byOld({ header: { kid: 'secret' } }))).reason).toBe('unknown-key');
  });
});

describe('nobody is let in while the keys cannot be had:', () => {
  const huge = `{"keys":[],"pad":"${'x'.repeat(1_100_000)}"}`;
  it.each<[string, RequestListener]>([
    ['an error of the server', (_, response) => send(response, { keys: [oldKey] }, 'application/json', 500)],
    ['not found', (_, response) => send(response, { keys: [oldKey] }, 'application/json', 404)],
    ['no content', (_, response) => void response.writeHead(204).end()],
    ['a page for a login', (_, response) => send(response, '<html><body>Sign in</body></html>', 'text/html')],
    ['JSON cut short', (_, response) => send(response, '{"keys":[')],
    ['an empty answer', (_, response) => send(response, '')],
    ['null', (_, response) => send(response, 'null')],
    ['a list', (_, response) => send(response, [oldKey])],
    ['an object without keys', (_, response) => send(response, { key: oldKey })],
    ['keys that are no list', (_, response) => send(response, { keys: { old: oldKey } })],
    ['keys that are no objects', (_, response) => send(response, { keys: ['old', null, 42] })],
    ['a key that is none', (_, response) => send(response, { keys: [{ ...oldKey, x: '!', y: 42 }] })],
    ['a private key', (_, response) => send(response, { keys: [jwkOf(KEYS.p256.privateKey, { kid: 'old' })] })],
    ['more than a key set can be', (_, response) => send(response, huge)],
    ['a connection that breaks', (_, response) => void response.writeHead(200, { 'content-length': '999' }).destroy()],
    ['a connection that is refused', (request) => void request.socket.destroy()],
  ])('%s', async (_, listener) => {
    answer = listener;
    const by = remote();
    const error = await refusal(by, byOld());
    expect([error.reason, error.code]).toEqual(['keys-unavailable', 'AUTH_VERIFIER_FAILED']);
    expect(tracesOf(error, [byOld(), CANARY, origin, 'Sign in'])).toEqual([]);
    serve(oldKey);
    later(600_000);
    expect(await admitted(by, byOld()), 'once the keys are there').toBe(true);
  });

  it('a redirect, which is not followed', async () => {
    answer = (request, response) => {
      if (request.url === '/elsewhere') send(response, { keys: [oldKey] });
      else response.writeHead(302, { location: `${origin}/elsewhere` }).end();
    };
    expect((await refusal(remote(), byOld())).reason).toBe('keys-unavailable');
    expect(requests).toBe(1);
  });

  it('nobody listens, and the system’s name for that is kept', async () => {
    const by = remote();
    await new Promise((resolve) => server.close(resolve));
    const error = await refusal(by, byOld());
    expect([error.reason, error.details.systemCode]).toEqual(['keys-unavailable', 'ECONNREFUSED']);
    server.listen();
  });

  it.each([
    ['never', () => {}],
    ['half of it', (response: ServerResponse) => void response.writeHead(200).write('{"keys":')],
  ])('the server sends %s before the time is over', async (_, begin) => {
    const timeout = new AbortController();
    const limits: number[] = [];
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      limits.push(ms);
      return timeout.signal;
    });
    answer = (_request, response) => {
      begin(response);
      setImmediate(() => timeout.abort(new DOMException('over', 'TimeoutError')));
    };
    expect((await refusal(remote({ timeoutMs: 750 }), byOld())).reason).toBe('keys-unavailable');
    expect(limits).toEqual([750]);
  });

  it('the server is down, which is not asked again for a second', async () => {
    const by = remote();
    answer = (_, response) => send(response, 'down', 'text/plain', 503);
    for (let n = 0; n < 5; n++) expect((await refusal(by, byOld())).reason).toBe('keys-unavailable');
    serve(oldKey);
    later(999);
    expect((await refusal(by, byOld())).reason).toBe('keys-unavailable');
    expect(requests).toBe(1);
    later(1);
    expect(await admitted(by, byOld())).toBe(true);
    expect(requests).toBe(2);
  });

  it('they are gone once their time is over', async () => {
    const by = remote({ cacheMaxAgeMs: 60_000 });
    await admitted(by, byOld());
    answer = (_, response) => send(response, 'down', 'text/plain', 503);
    expect(await admitted(by, byOld()), 'while they are fresh').toBe(true);
    later(60_000);
    expect((await refusal(by, byOld())).reason).toBe('keys-unavailable');
  });

  it('a key that is short', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const short = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    serve(jwkOf(short.publicKey, { kid: 'short' }));
    const error = await refusal(remote(), mint({ key: short.privateKey, header: { kid: 'short' } }));
    expect([error.reason, error.code]).toEqual(['verifier-failed', 'AUTH_VERIFIER_FAILED']);
  });
});
