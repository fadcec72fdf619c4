import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { encodePayload, findUnencodable, frozenCopy, type PayloadProblem } from '../../../src/payload/index.js';

/** Checking, encoding and copying must say the same about every value. */
function problemsOf(value: unknown, root: string): readonly PayloadProblem[] {
  const found = findUnencodable(value, root);
  const copied: PayloadProblem[] = [];
  frozenCopy(value, root, copied);
  expect(copied).toEqual(found);
  const encode = () => encodePayload(value, root);
  if (found.length === 0) expect(encode).not.toThrow();
  else expect(encode).toThrow(expect.objectContaining({ code: 'PAYLOAD_NOT_ENCODABLE', details: { problems: found } }));
  return found;
}

const pathsOf = (value: unknown, root = 'metadata') => problemsOf(value, root).map(({ path }) => path);

describe('what cannot travel', () => {
  it('is listed all at once, each with the path of its field (050)', () => {
    class Account {}
    const holed = [1, 2, 3];
    delete holed[1];
    const symbolic = { [Symbol('s')]: 1 };
    const hidden = Object.defineProperty({}, 'secret', { value: 1 });
    const getter = {
      get x() {
        throw new Error('must not run');
      },
    };
    const value = {
      user: { tags: ['a', 'b', 'c', () => 1] },
      'odd key': Symbol('x'),
      account: new Account(),
      later: Promise.resolve(),
      stream: Readable.from([]),
      weak: new WeakMap(),
      floats: new Float64Array(2),
      never: new Date(Number.NaN),
      failure: new Error('x'),
      symbolic,
      hidden,
      getter,
      inherits: Object.create({ a: 1 }),
      list: holed,
      map: new Map([[() => 1, new Account()]]),
      set: new Set([1, () => 1]),
    };
    expect(problemsOf(value, 'metadata').map(({ path, problem }) => `${path} ${problem}`)).toEqual([
      'metadata.user.tags[3] is a function',
      'metadata["odd key"] is a symbol',
      'metadata.account is an instance of Account',
      'metadata.later is a promise; await it first',
      'metadata.stream is an instance of Readable',
      'metadata.weak is an instance of WeakMap',
      'metadata.floats is a Float64Array; pass a Uint8Array or numbers',
      'metadata.never is an invalid date',
      'metadata.failure is an error; pass its code and message',
      'metadata.symbolic has symbol keys',
      'metadata.hidden.secret is not enumerable',
      'metadata.getter.x is an accessor; pass its value',
      'metadata.inherits has a prototype of its own',
      'metadata.list[1] is a hole; write undefined or null',
      'metadata.map[entry 0].key is a function',
      'metadata.map[entry 0].value is an instance of Account',
      'metadata.set[item 1] is a function',
    ]);
  });

  it('includes an object inside itself, but not one that stands in two places', () => {
    const shared = { x: 1 };
    expect(pathsOf({ a: shared, b: [shared, shared] })).toEqual([]);
    const loop: Record<string, unknown> = { inner: { list: [] } };
    (loop.inner as { list: unknown[] }).list.push(loop.inner);
    expect(problemsOf(loop, 'input')).toEqual([
      { path: 'input.inner.list[0]', problem: 'leads back to input.inner, which it is part of' },
    ]);
  });

  it('ends on data that shares a lot', () => {
    let shared: unknown[] = [];
    for (let level = 0; level < 60; level++) shared = [shared, shared];
    expect(pathsOf(shared)).toEqual([]);
  });

  it('includes what is nested deeper than 500 levels, never as a RangeError', () => {
    let value: unknown = [];
    for (let level = 1; level < 500; level++) value = [value];
    expect(pathsOf(value)).toEqual([]);
    for (let level = 0; level < 100_000; level++) value = { value };
    expect(problemsOf(value, 'input')).toMatchObject([{ problem: 'is nested deeper than 500 levels' }]);
  });

  it('includes what throws when it is looked at', () => {
    const hostile = new Proxy({}, { getPrototypeOf: () => raise(), ownKeys: () => raise() });
    expect(problemsOf({ hostile }, 'input')).toEqual([
      { path: 'input.hostile', problem: 'cannot be read: looking at it throws' },
    ]);
    expect(pathsOf(hostile, 'input')).toEqual(['input']);
  });

  it('names the root, and lists at most a thousand', () => {
    expect(pathsOf(() => 1, 'input')).toEqual(['input']);
    expect(
      problemsOf(
        Array.from({ length: 2_000 }, () => raise),
        'input',
      ),
    ).toHaveLength(1_000);
  });
});

function raise(): never {
  throw new Error('looked at');
}
