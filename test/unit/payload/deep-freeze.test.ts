import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { deepFreeze } from '../../../src/payload/index.js';

function throwing(): never {
  throw new Error('looked at');
}

describe('deepFreeze', () => {
  it('freezes plain objects and arrays to the last leaf, and gives the same object back', () => {
    const value = { list: [{ deep: { x: 1 } }], bare: Object.assign(Object.create(null), { y: {} }), none: null };
    expect(deepFreeze(value)).toBe(value);
    expect(() => Object.assign(value.list[0]!.deep, { x: 2 })).toThrow(TypeError);
    expect(() => value.list.push({ deep: { x: 1 } })).toThrow(TypeError);
    expect(Object.isFrozen(value.bare.y)).toBe(true);
    expect(deepFreeze('text')).toBe('text');
  });

  it('goes a million levels deep', () => {
    let value: { inner: unknown } = { inner: null };
    const innermost = value;
    for (let level = 0; level < 1_000_000; level++) value = { inner: value };
    deepFreeze(value);
    expect(Object.isFrozen(innermost)).toBe(true);
  });

  it('ends on cycles and on data that shares a lot', () => {
    const loop: Record<string, unknown> = { list: [] };
    (loop.list as unknown[]).push(loop);
    deepFreeze(loop);
    expect(Object.isFrozen(loop.list)).toBe(true);
    let shared: unknown[] = [];
    for (let level = 0; level < 60; level++) shared = [shared, shared];
    expect(Object.isFrozen(deepFreeze(shared)[0])).toBe(true);
  });

  it('goes into what somebody had frozen on the surface', () => {
    const inner = { x: 1 };
    deepFreeze(Object.freeze({ inner }));
    expect(Object.isFrozen(inner)).toBe(true);
  });

  it('makes Map, Set and Date refuse every change, saying what to do: PAYLOAD_READ_ONLY', () => {
    const inner = { x: 1 };
    const value = deepFreeze({ map: new Map([['a', inner]]), set: new Set([1]), date: new Date(0) });
    const changes: [string, () => unknown][] = [
      ['new Map(original)', () => value.map.set('b', inner)],
      ['new Map(original)', () => value.map.delete('a')],
      ['new Map(original)', () => value.map.clear()],
      ['new Set(original)', () => value.set.add(2)],
      ['new Date(original)', () => value.date.setTime(5)],
      ['new Date(original)', () => value.date.setUTCFullYear(5)],
    ];
    for (const [fix, change] of changes) {
      expect(change).toThrow(expect.objectContaining({ code: 'PAYLOAD_READ_ONLY', fix: `Copy it first: ${fix}.` }));
    }
    expect(value).toEqual({ map: new Map([['a', { x: 1 }]]), set: new Set([1]), date: new Date(0) });
    expect(Object.isFrozen(inner)).toBe(true);
    expect(value.map instanceof Map && value.date.constructor === Date).toBe(true);
    const copy = structuredClone(value);
    expect(copy.map.set('b', inner).size).toBe(2);
    expect(new Date(value.date).setTime(5)).toBe(5);
  });

  it('leaves class instances, functions, promises, emitters and bytes as they are', () => {
    class Account {
      balance = { amount: 1 };
    }
    const value = {
      account: new Account(),
      call: () => 1,
      later: Promise.resolve(),
      bytes: new Uint8Array(2),
      emitter: new EventEmitter(),
      weak: new WeakMap(),
    };
    deepFreeze(value);
    value.account.balance.amount = 2;
    value.bytes[0] = 7;
    for (const left of [value.account, value.account.balance, value.call, value.later, value.emitter, value.weak]) {
      expect(Object.isFrozen(left)).toBe(false);
    }
  });

  it('also freezes instances that hold data, on request, but no built-in and no emitter', () => {
    class Line {
      readonly amounts = [1];
      get first(): never {
        return throwing();
      }
    }
    class Order {
      readonly lines = [new Line()];
      readonly emitter = new EventEmitter();
      readonly failure = new Error('x');
      readonly link = new URL('https://example.org');
    }
    const order = new Order();
    deepFreeze(order); // without the option: nothing happens, and nothing is remembered
    deepFreeze(order, { instances: true });
    expect(() => order.lines[0]!.amounts.push(2)).toThrow(TypeError);
    for (const left of [order.emitter, order.failure, order.link]) expect(Object.isFrozen(left)).toBe(false);
  });

  it('calls no getter and survives proxies that throw', () => {
    const hostile = new Proxy({}, { getPrototypeOf: throwing, ownKeys: throwing, isExtensible: throwing });
    const late = new Proxy({ a: 1 }, { ownKeys: throwing });
    const inner = { x: 1 };
    const list = [inner];
    Object.defineProperty(list, 1, { get: throwing, enumerable: true });
    const value = { hostile, late, list };
    Object.defineProperty(value, 'trap', { get: throwing, enumerable: true });
    deepFreeze(value);
    expect(Object.isFrozen(inner)).toBe(true);
    expect(() => deepFreeze(hostile)).not.toThrow();
  });
});
