import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ContextSnapshot, type ExtensionToken, extensionToken } from '../../../src/context/index.js';

class Money {
  constructor(
    readonly amount: bigint,
    readonly currency: string,
  ) {}
}
class Quota {
  constructor(
    readonly limit: Money,
    readonly used: readonly Money[],
  ) {}
  get left(): bigint {
    return this.used.reduce((left, { amount }) => left - amount, this.limit.amount);
  }
}
interface QuotaData {
  readonly limit: { readonly amount: bigint; readonly currency: string };
  readonly used: readonly QuotaData['limit'][];
}
const money = ({ amount, currency }: QuotaData['limit']): Money => new Money(amount, currency);
const QUOTA = extensionToken<Quota, QuotaData>('quota', {
  encode: ({ limit, used }) => ({ limit: { ...limit }, used: used.map((one) => ({ ...one })) }),
  decode: ({ limit, used }) => new Quota(money(limit), used.map(money)),
});
const PLAN = extensionToken('plan', { validate: z.object({ name: z.string(), seats: z.number() }) });

const through = (snapshot: ContextSnapshot, ...extensions: ExtensionToken[]): ContextSnapshot =>
  ContextSnapshot.fromJSON(JSON.parse(JSON.stringify(snapshot)), { extensions });

describe('an extension', () => {
  it('keeps its type and value through JSON, nested instances included (063, 064)', () => {
    const snapshot = new ContextSnapshot({
      extensions: [QUOTA.of(new Quota(new Money(10n, 'EUR'), [new Money(3n, 'EUR')]))],
    });
    for (const one of [snapshot, through(snapshot, QUOTA), through(snapshot)]) {
      const quota = one.extensions.require(QUOTA);
      expect(quota).toBeInstanceOf(Quota);
      expect(quota.used[0]).toBeInstanceOf(Money);
      expect(quota.left).toBe(7n);
      expect(() => Object.assign(quota.limit, { amount: 99n })).toThrow(TypeError);
    }
  });

  it('does not change with the object it was given', () => {
    const used = [new Money(3n, 'EUR')];
    const snapshot = new ContextSnapshot({ extensions: [QUOTA.of(new Quota(new Money(10n, 'EUR'), used))] });
    used.push(new Money(7n, 'EUR'));
    expect(snapshot.extensions.require(QUOTA).left).toBe(7n);
  });

  it('is undefined where it is absent, and a typed error where it is required: EXTENSION_MISSING', () => {
    const { extensions } = new ContextSnapshot({ extensions: [PLAN.of({ name: 'pro', seats: 3 })] });
    expect([extensions.has(QUOTA), extensions.get(QUOTA)]).toEqual([false, undefined]);
    expect(extensions.has(PLAN)).toBe(true);
    expect(() => extensions.require(QUOTA)).toThrow(
      expect.objectContaining({ code: 'EXTENSION_MISSING', details: { name: 'quota', names: ['plan'] } }),
    );
  });

  const wrong = { name: 7, seats: 'x' };
  const tokens: [string, ExtensionToken, string[]][] = [
    ['zod', PLAN, ['extensions["plan"].name', 'extensions["plan"].seats']],
    [
      'valibot',
      extensionToken('plan', { validate: v.object({ name: v.string(), seats: v.number() }) }),
      ['extensions["plan"].name', 'extensions["plan"].seats'],
    ],
    [
      'a function',
      extensionToken('plan', {
        validate: (): unknown => {
          throw new Error('a plan has a name');
        },
      }),
      ['extensions["plan"]'],
    ],
    [
      'a schema that is asynchronous',
      extensionToken('plan', { validate: z.object({}).refine(async () => true) }),
      ['extensions["plan"]'],
    ],
  ];
  it.each(tokens)('is checked by %s when the snapshot is made and when it is read', (_, token, paths) => {
    const pathsOf = (call: () => unknown): string[] => {
      try {
        call();
      } catch (error) {
        const { code, details } = error as { code: string; details: { problems: { path: string }[] } };
        expect(['SNAPSHOT_INVALID', 'EXTENSION_INVALID']).toContain(code);
        return details.problems.map(({ path }) => path);
      }
      return [];
    };
    expect(pathsOf(() => new ContextSnapshot({ extensions: [token.of(wrong)] }))).toEqual(paths);
    const data = { ...new ContextSnapshot().toJSON(), extensions: { plan: { version: 1, data: wrong } } };
    expect(pathsOf(() => ContextSnapshot.fromJSON(data, { extensions: [token] }))).toEqual(paths);
    expect(pathsOf(() => ContextSnapshot.fromJSON(data).extensions.get(token))).toEqual(paths);
  });

  it('reads data of an older version, and of a newer one with more fields (064)', () => {
    const decode = ({ limit }: { limit: number | { amount: number } }, version: number) =>
      new Money(BigInt(version === 1 ? (limit as number) : (limit as { amount: number }).amount), 'EUR');
    const LIMIT = extensionToken<Money, { limit: number | { amount: number } }>('limit', {
      version: 2,
      encode: ({ amount }) => ({ limit: { amount: Number(amount) } }),
      decode,
    });
    const read = (entry: unknown) =>
      ContextSnapshot.fromJSON(
        { ...new ContextSnapshot().toJSON(), extensions: { limit: entry } },
        { extensions: [LIMIT] },
      );
    const older = read({ version: 1, data: { limit: 5 } });
    expect(older.extensions.require(LIMIT)).toEqual(new Money(5n, 'EUR'));
    expect(older.toJSON().extensions).toEqual({ limit: { version: 1, data: { limit: 5 } } });
    expect(read({ version: 2, data: { limit: { amount: 5 }, more: true } }).extensions.require(LIMIT).amount).toBe(5n);
  });

  it('that cannot be built, or stored, is named: EXTENSION_INVALID, SNAPSHOT_NOT_ENCODABLE', () => {
    const data = { ...new ContextSnapshot().toJSON(), extensions: { quota: { version: 1, data: {} } } };
    expect(() => ContextSnapshot.fromJSON(data).extensions.get(QUOTA)).toThrow(
      expect.objectContaining({ code: 'EXTENSION_INVALID' }),
    );
    const LIVE = extensionToken<{ socket: () => void }>('live');
    expect(() => new ContextSnapshot({ extensions: [LIVE.of({ socket: () => {} })] })).toThrow(
      expect.objectContaining({
        code: 'SNAPSHOT_NOT_ENCODABLE',
        details: { problems: [{ path: 'extensions["live"].socket', problem: 'is a function' }] },
      }),
    );
    const twice = [PLAN.of({ name: 'a', seats: 1 }), PLAN.of({ name: 'b', seats: 1 })];
    expect(() => new ContextSnapshot({ extensions: twice })).toThrow('is given twice');
  });
});
