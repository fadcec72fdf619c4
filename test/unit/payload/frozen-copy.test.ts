import { createContext, Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { deepFreeze, frozenCopy } from '../../../src/payload/index.js';

describe('a frozen copy', () => {
  it('leaves the original as it was and cannot be changed itself', () => {
    const original = { list: [{ x: 1 }], map: new Map([['a', { y: 1 }]]), at: new Date(0), set: new Set([1]) };
    const copy = frozenCopy(original, 'input', []) as typeof original;
    original.list[0]!.x = 2;
    original.map.set('b', { y: 2 });
    original.at.setTime(5);
    expect(copy).toEqual({ list: [{ x: 1 }], map: new Map([['a', { y: 1 }]]), at: new Date(0), set: new Set([1]) });
    expect(() => copy.list.push({ x: 3 })).toThrow(TypeError);
    expect(() => copy.map.set('c', { y: 3 })).toThrow(expect.objectContaining({ code: 'PAYLOAD_READ_ONLY' }));
  });

  it('shares bytes and text, and all of what was frozen before (155)', () => {
    const bytes = new Uint8Array(1e8);
    const copy = frozenCopy({ bytes }, 'input', []) as { bytes: Uint8Array };
    expect(copy.bytes).toBe(bytes);
    const handedOver = deepFreeze({ bytes, list: [{ x: 1 }] });
    expect(frozenCopy(handedOver, 'input', [])).toBe(handedOver);
    expect(frozenCopy(copy, 'input', [])).toBe(copy);
  });

  it('still refuses what was frozen before and cannot travel', () => {
    const problems: { path: string }[] = [];
    frozenCopy(deepFreeze({ inner: { call: () => 1 } }), 'input', problems as never);
    expect(problems).toMatchObject([{ path: 'input.inner.call' }]);
  });

  it('copies what only seemed frozen: a Map that was frozen by hand can still be changed', () => {
    const map = Object.freeze(new Map([['a', 1]]));
    const copy = frozenCopy(deepFreeze({ inner: { map } }), 'input', []) as { inner: { map: Map<string, number> } };
    map.set('b', 2);
    expect([...copy.inner.map.keys()]).toEqual(['a']);
  });

  it('takes plain objects of another realm, and keeps objects without a prototype', () => {
    const foreign = new Script('({ list: [1, { a: 1 }] })').runInContext(createContext());
    expect(frozenCopy({ foreign }, 'input', [])).toEqual({ foreign: { list: [1, { a: 1 }] } });
    const bare = Object.assign(Object.create(null), { inner: {} });
    expect(Object.getPrototypeOf(frozenCopy(bare, 'input', []))).toBeNull();
  });
});
