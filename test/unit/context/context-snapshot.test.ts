import { describe, expect, it } from 'vitest';
import { ContextSnapshot, createRunIdentity } from '../../../src/context/index.js';

describe('a snapshot', () => {
  it('is frozen, with its identity and metadata (047)', () => {
    const snapshot = new ContextSnapshot({ inputText: 'x', metadata: { a: 1 }, identity: { userId: 'ann' } });
    const writes = [
      () => Object.assign(snapshot, { inputText: 'y' }),
      () => Object.assign(snapshot.identity, { userId: 'root' }),
      () => Object.assign(snapshot.metadata, { a: 2 }),
    ];
    for (const write of writes) expect(write).toThrow(TypeError);
    expect([snapshot.inputText, snapshot.identity.userId, snapshot.metadata]).toEqual(['x', 'ann', { a: 1 }]);
  });

  it('does not change with the object its metadata came from (051)', () => {
    const metadata = { a: 1 };
    const snapshot = new ContextSnapshot({ metadata });
    metadata.a = 2;
    expect(snapshot.metadata).toEqual({ a: 1 });
  });

  it('holds the input itself, not a copy (155)', () => {
    const input = { big: Buffer.alloc(16) };
    expect(new ContextSnapshot({ input }).input).toBe(input);
  });

  it('keeps falsy values as they are', () => {
    const snapshot = new ContextSnapshot({ inputText: '', input: 0, executionMode: '' });
    expect([snapshot.inputText, snapshot.input, snapshot.executionMode]).toEqual(['', 0, '']);
    expect(new ContextSnapshot()).toMatchObject({
      inputText: null,
      input: undefined,
      executionMode: null,
      metadata: {},
    });
  });
});

describe('a run identity', () => {
  it('makes what is not given: a run id in the order of time, which is also the correlation id (006)', () => {
    const [first, second] = [createRunIdentity(), createRunIdentity()];
    expect(first.correlationId).toBe(first.runId);
    expect(first.runId < second.runId).toBe(true);
  });

  it('keeps an explicit null as null (157)', () => {
    const identity = createRunIdentity({ userId: null, requestId: null, correlationId: 'c' });
    expect(identity).toMatchObject({ userId: null, requestId: null, sessionId: null, correlationId: 'c' });
  });
});
