import { describe, expect, it } from 'vitest';
import { ContextSnapshot, type ContextSnapshotInit, createRunIdentity } from '../../../src/context/index.js';
import { deepFreeze } from '../../../src/payload/index.js';

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

  it('does not change with what it was made from, and leaves it as it was (051)', () => {
    const init = { metadata: { a: 1, list: [1] }, input: { body: { name: 'x' } } };
    const snapshot = new ContextSnapshot(init);
    init.metadata.a = 2;
    init.metadata.list.push(2);
    init.input.body.name = 'y';
    expect(snapshot).toMatchObject({ metadata: { a: 1, list: [1] }, input: { body: { name: 'x' } } });
  });

  it('is frozen to the last leaf', () => {
    const snapshot = new ContextSnapshot({
      input: { list: [{ at: new Date(0) }] },
      conversation: { messages: [{ role: 'user', content: 'hi', metadata: { a: [1] } }] },
    });
    expect(() => snapshot.input.list.push({ at: new Date() })).toThrow(TypeError);
    expect(() => snapshot.input.list[0]?.at.setTime(5)).toThrow(expect.objectContaining({ code: 'PAYLOAD_READ_ONLY' }));
    expect(Object.isFrozen(snapshot.conversation.messages[0]?.metadata?.a)).toBe(true);
  });

  it('holds the text and the bytes of its input themselves, not copies, and all that was handed over frozen (155)', () => {
    const input = { big: Buffer.alloc(1e8) };
    expect(new ContextSnapshot({ input }).input.big).toBe(input.big);
    const handedOver = deepFreeze({ rows: [{ x: 1 }] });
    const first = new ContextSnapshot({ input: handedOver });
    expect(first.input).toBe(handedOver);
    expect(new ContextSnapshot({ input: first.input }).input).toBe(handedOver);
  });

  it('refuses what cannot be stored when it is made, every field at once: SNAPSHOT_NOT_ENCODABLE (050)', () => {
    const make = () =>
      new ContextSnapshot({
        input: { 'odd key': () => 1 },
        metadata: { user: { tags: ['a', 'b', 'c', new WeakMap()] } },
        enrichments: { documents: [{ id: 'd', file: Promise.resolve() }] },
      });
    expect(make).toThrow(
      expect.objectContaining({
        code: 'SNAPSHOT_NOT_ENCODABLE',
        details: {
          problems: [
            { path: 'input["odd key"]', problem: 'is a function' },
            { path: 'enrichments.documents[0].file', problem: 'is a promise; await it first' },
            { path: 'metadata.user.tags[3]', problem: 'is an instance of WeakMap' },
          ],
        },
      }),
    );
  });

  it('refuses what has the wrong form, every field at once: SNAPSHOT_INVALID', () => {
    const conversation = { messages: [{ role: 'robot', content: 7 }], routing: { route: 'sales', confidence: 3 } };
    const init = { inputText: 7, conversation, enrichments: [], metadata: [] } as unknown as ContextSnapshotInit;
    expect(() => new ContextSnapshot(init)).toThrow(
      expect.objectContaining({
        code: 'SNAPSHOT_INVALID',
        details: {
          problems: [
            { path: 'inputText', problem: 'must be text, not a number' },
            { path: 'conversation.messages[0].role', problem: 'must be one of system, user, assistant, tool' },
            { path: 'conversation.messages[0].content', problem: 'must be text, not a number' },
            { path: 'conversation.routing.confidence', problem: 'must be a number from 0 to 1' },
            { path: 'enrichments', problem: 'must be an object, not a list' },
            { path: 'metadata', problem: 'must be an object, not a list' },
          ],
        },
      }),
    );
  });

  it('gives a copy with some fields changed and shares the rest (047)', () => {
    const snapshot = new ContextSnapshot({
      inputText: 'x',
      input: { rows: [1] },
      metadata: { a: { b: 1 } },
      identity: { userId: 'ann' },
    });
    const changes = { inputText: 'y', topology: 'deep', identity: { userId: 'root' } };
    const changed = snapshot.with(changes);
    expect(changed).toBeInstanceOf(ContextSnapshot);
    expect(changed).toMatchObject({ inputText: 'y', topology: 'deep', identity: { userId: 'ann' } });
    for (const part of ['identity', 'input', 'metadata', 'conversation', 'extensions'] as const) {
      expect(changed[part]).toBe(snapshot[part]);
    }
    expect([snapshot.inputText, snapshot.topology]).toEqual(['x', null]);
    expect(Object.isFrozen(changed)).toBe(true);
    expect(snapshot.with({ input: undefined }).input).toBeUndefined();
    expect(() => snapshot.with({ input: () => 1 })).toThrow(
      expect.objectContaining({ code: 'SNAPSHOT_NOT_ENCODABLE' }),
    );
  });

  it('keeps falsy values as they are', () => {
    const snapshot = new ContextSnapshot({ inputText: '', input: 0, executionMode: '' });
    expect([snapshot.inputText, snapshot.input, snapshot.executionMode]).toEqual(['', 0, '']);
    expect(new ContextSnapshot()).toMatchObject({
      inputText: null,
      input: undefined,
      topology: null,
      executionMode: null,
      conversation: { messages: [], routing: null },
      enrichments: { profile: null, memory: null, documents: [], webResults: [] },
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
