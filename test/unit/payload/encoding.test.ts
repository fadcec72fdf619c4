import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload, deepFreeze, encodePayload, findUnencodable, frozenCopy } from '../../../src/payload/index.js';
import { payload } from './arbitraries.js';

const throughText = (value: unknown): unknown => decodePayload(JSON.parse(JSON.stringify(encodePayload(value))));

describe('the payload encoding', () => {
  it('brings back whatever it takes, through text (049, 050)', () => {
    fc.assert(
      fc.property(payload, (value) => {
        expect(findUnencodable(value)).toEqual([]);
        expect(isDeepStrictEqual(throughText(value), value)).toBe(true);
        expect(isDeepStrictEqual(throughText(frozenCopy(value, 'value', [])), value)).toBe(true);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('writes version 1 as documented', () => {
    const value = {
      n: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0],
      big: 10n ** 40n,
      none: undefined,
      at: new Date('2026-11-23T10:00:00Z'),
      bytes: Buffer.from('hi'),
      map: new Map([['a', new Set([1n])]]),
      $date: 'mine',
      $$x: { $map: 1 },
    };
    expect(encodePayload(value)).toEqual({
      n: [{ $number: 'NaN' }, { $number: 'Infinity' }, { $number: '-Infinity' }, { $number: '-0' }, 0],
      big: { $bigint: '10000000000000000000000000000000000000000' },
      none: { $undefined: true },
      at: { $date: '2026-11-23T10:00:00.000Z' },
      bytes: { $bytes: 'aGk=' },
      map: { $map: [['a', { $set: [{ $bigint: '1' }] }]] },
      $$date: 'mine',
      $$$x: { $$map: 1 },
    });
    expect((throughText(value) as { bytes: object }).bytes.constructor).toBe(Uint8Array);
  });

  it('brings back 10^10000 as a bigint (050)', () => {
    expect(throughText({ n: 10n ** 10_000n })).toEqual({ n: 10n ** 10_000n });
  });

  it('shares what JSON can say as it is, so that 20 MB of messages cost next to nothing (054)', () => {
    const messages = deepFreeze(Array.from({ length: 20 }, (_, i) => ({ role: 'user', content: 'x'.repeat(1e6 + i) })));
    const json = encodePayload({ messages, at: new Date(0) }) as { messages: unknown };
    expect(json.messages).toBe(messages);
    expect(() => (json.messages as unknown[]).pop()).toThrow(TypeError);
  });

  it('keeps __proto__ and constructor as the data they are', () => {
    const hostile = JSON.parse(
      '{"__proto__":{"admin":true,"at":{"$date":"2026-01-01T00:00:00.000Z"}},"constructor":1}',
    );
    for (const value of [decodePayload(hostile), throughText(decodePayload(hostile)), frozenCopy(hostile, 'x', [])]) {
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor']);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('refuses what it cannot have written, all at once: PAYLOAD_INVALID', () => {
    const json = {
      a: { $dat: 1 },
      b: [{ $date: 'x' }, { $bytes: '!!!!' }, { $bigint: '1.5' }, { $number: '7' }, { $undefined: 1 }],
      c: { $map: [[1]] },
      d: { $set: {} },
      e: { $date: '2026-01-01', more: 1 },
      f: new Date(0),
      g: undefined,
    };
    const error = caught(() => decodePayload(json, 'stored'));
    expect(error).toMatchObject({ code: 'PAYLOAD_INVALID' });
    expect(error.details.problems.map(({ path }) => path)).toEqual([
      'stored.a.$dat',
      'stored.b[0].$date',
      'stored.b[1].$bytes',
      'stored.b[2].$bigint',
      'stored.b[3].$number',
      'stored.b[4].$undefined',
      'stored.c.$map',
      'stored.d.$set',
      'stored.e.$date',
      'stored.f',
      'stored.g',
    ]);
  });

  it('refuses JSON nested too deeply with a typed error', () => {
    expect(() => decodePayload(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toThrow('500 levels');
  });

  it('decodes only JSON as frozen data: arbitrary JSON gives a value or PAYLOAD_INVALID', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (json) => {
        const error = caught(() => decodePayload(json));
        if (error !== undefined) expect(error.code).toBe('PAYLOAD_INVALID');
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

interface Caught {
  readonly code: string;
  readonly details: { readonly problems: readonly { readonly path: string; readonly problem: string }[] };
}

function caught(call: () => unknown): Caught {
  try {
    call();
  } catch (error) {
    return error as Caught;
  }
  return undefined as never;
}
