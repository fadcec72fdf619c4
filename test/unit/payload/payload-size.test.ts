import { describe, expect, it } from 'vitest';
import { payloadSize } from '../../../src/payload/index.js';

describe('payloadSize', () => {
  it('is near the length of the content', () => {
    const records = Array.from({ length: 100 }, (_, i) => ({ id: `record-${i}`, text: 'x'.repeat(1_000) }));
    expect(payloadSize(records)).toBeGreaterThan(100_000);
    expect(payloadSize(records)).toBeLessThan(110_000);
    expect(payloadSize('abc')).toBe(3);
    expect(payloadSize(new Map([['key', new Set(['x'.repeat(50)])]]))).toBeGreaterThan(50);
    expect([payloadSize(undefined), payloadSize(() => 1)]).toEqual([0, 0]);
  });

  it('takes bytes for what they are, without a look inside', () => {
    const bytes = new Uint8Array(1e8);
    expect(payloadSize({ bytes })).toBeGreaterThanOrEqual(1e8);
    expect(payloadSize(bytes.buffer)).toBeGreaterThanOrEqual(1e8);
  });

  it('stops once it has passed the limit', () => {
    let looked = 0;
    const watched = (value: object) =>
      new Proxy(value, {
        getOwnPropertyDescriptor: (...args) => {
          looked++;
          return Reflect.getOwnPropertyDescriptor(...args);
        },
      });
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, 'x'.repeat(100)]));
    expect(payloadSize(watched(many), 1_000)).toBeGreaterThan(1_000);
    expect(looked).toBeLessThan(1_100);
  });

  it('counts each object once, calls no getter, and ends on cycles and at any depth', () => {
    const loop: Record<string, unknown> = { text: 'x'.repeat(100) };
    loop.self = loop;
    expect(payloadSize(loop)).toBeLessThan(200);
    let deep: unknown = null;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(payloadSize(deep)).toBeGreaterThan(100_000);
    const raise = (): never => {
      throw new Error('looked at');
    };
    expect(
      payloadSize([
        new Proxy({}, { ownKeys: raise }),
        Object.defineProperty({}, 'x', { get: raise, enumerable: true }),
      ]),
    ).toBeGreaterThan(0);
  });
});
