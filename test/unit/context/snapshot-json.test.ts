import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContextSnapshot, extensionToken, type SnapshotJson } from '../../../src/context/index.js';
import { payload } from '../payload/arbitraries.js';

const TENANT = extensionToken<{ plan: string; since: Date }>('tenant');

const full = (): ContextSnapshot =>
  new ContextSnapshot({
    identity: { runId: 'r1', requestId: 'q', sessionId: null, userId: 'ünï', orgId: '🎈', correlationId: 'c' },
    inputText: 'lone \ud800 surrogate',
    input: { at: new Date(5), big: 7n, none: undefined, nan: Number.NaN, bytes: new Uint8Array([1, 2]), $date: 'mine' },
    topology: 'deep',
    executionMode: 'draft',
    conversation: {
      messages: [{ role: 'user', content: 'olá', name: 'Ann', at: new Date('2026-11-23'), metadata: { n: -0 } }],
      routing: { route: 'sales', reason: null, confidence: 0.5 },
    },
    enrichments: {
      profile: { displayName: 'Ann', preferences: { dark: true }, own: new Map([[1, new Set([2])]]) },
      memory: { facts: ['f'] },
      documents: [{ id: 'd1', content: 'text', pages: 3 }],
      webResults: [{ url: 'https://example.org' }],
    },
    extensions: [TENANT.of({ plan: 'pro', since: new Date(9) })],
    metadata: { 'odd key': [1], constructor: 1 },
  });

const stored = (snapshot: ContextSnapshot): SnapshotJson => JSON.parse(JSON.stringify(snapshot));
const read = (data: unknown): ContextSnapshot => ContextSnapshot.fromJSON(data, { extensions: [TENANT] });

describe('a stored snapshot', () => {
  it('comes back equal, with everything in it (049)', () => {
    const snapshot = full();
    const back = read(stored(snapshot));
    expect(back).toEqual(snapshot);
    expect(back.extensions.get(TENANT)).toEqual({ plan: 'pro', since: new Date(9) });
    expect(stored(back)).toEqual(stored(snapshot));
    expect(Object.isFrozen(back) && Object.isFrozen(back.enrichments.documents[0])).toBe(true);
  });

  it('comes back equal whatever the input and the metadata are (049, 050)', () => {
    fc.assert(
      fc.property(payload, fc.dictionary(fc.string(), payload), (input, metadata) => {
        const snapshot = new ContextSnapshot({ input, metadata });
        const back = ContextSnapshot.fromJSON(stored(snapshot));
        expect(JSON.stringify(back)).toBe(JSON.stringify(snapshot));
      }),
      { numRuns: 50, seed: 7 },
    );
  });

  it('is valid if nothing was given, and with a typed extension (158)', () => {
    const bare = new ContextSnapshot();
    expect(read(stored(bare))).toEqual(bare);
    expect(stored(bare).version).toBe(1);
    const typed = new ContextSnapshot({ extensions: [TENANT.of({ plan: 'pro', since: new Date(9) })] });
    expect(read(stored(typed)).extensions.require(TENANT).plan).toBe('pro');
  });

  it('does not change with the data it was read from, nor with the data it gives (051)', () => {
    const data = { ...stored(full()), metadata: { list: [1] } };
    const snapshot = read(data);
    data.metadata.list.push(2);
    const json = snapshot.toJSON() as unknown as { metadata: { list: number[] }; inputText: string };
    expect(() => json.metadata.list.push(3)).toThrow(TypeError);
    json.inputText = 'changed';
    expect(snapshot.metadata).toEqual({ list: [1] });
    expect(snapshot.inputText).toBe('lone \ud800 surrogate');
  });

  it('shares its messages with its JSON: 20 MB are not copied (054)', () => {
    const messages = Array.from({ length: 20 }, () => ({ role: 'user', content: 'x'.repeat(1e6) }) as const);
    const snapshot = new ContextSnapshot({ conversation: { messages } });
    expect(snapshot.toJSON().conversation).toBe(snapshot.conversation);
  });

  it('is stored as at most 1.1 times the text of its 20 MB of messages, dates included (054)', () => {
    const messages = Array.from({ length: 20_000 }, (_, index) => {
      return { role: 'user', content: 'x'.repeat(950), at: new Date(index * 1_000) } as const;
    });
    const payload = JSON.stringify(messages).length;
    expect(payload).toBeGreaterThan(20_000_000);
    const text = JSON.stringify(new ContextSnapshot({ conversation: { messages } }));
    expect(text.length / payload).toBeLessThan(1.1);
    expect(read(JSON.parse(text)).conversation.messages[19_999]?.at).toEqual(new Date(19_999_000));
  });

  it('keeps an explicit null id as null (157)', () => {
    const back = read(stored(new ContextSnapshot({ identity: { userId: null, requestId: null } })));
    expect(back.identity).toMatchObject({ userId: null, requestId: null });
  });

  it('may have unknown fields, and extensions of unknown kind, which are written back unchanged (053)', () => {
    const unknown = { version: 4, data: { at: { $date: '2026-01-01' }, more: [{ $odd: 1 }] } };
    const data = { ...stored(full()), later: { x: 1 }, extensions: { theirs: unknown, odd: 5 } };
    const snapshot = read(data);
    expect(snapshot.extensions.names).toEqual(['theirs', 'odd']);
    expect(stored(snapshot).extensions).toEqual({ theirs: unknown, odd: 5 });
  });

  it('may have the older flat layout, in either case, with plain values (053)', () => {
    const snapshot = read({
      pipeline_run_id: 'r1',
      user_id: 'ann',
      org_id: null,
      input_text: 'hi',
      execution_mode: 'draft',
      messages: [{ role: 'user', content: 'olá', timestamp: '2026-11-23T00:00:00Z', own: 1 }],
      routing_decision: { agent_id: 'sales', topology: 'x' },
      profile: { user_id: 'ann', display_name: 'Ann' },
      documents: [{ document_id: 'd1', document_type: 'pdf' }],
      web_results: [{ url: 'https://example.org' }],
      extensions: { tenant: { plan: 'pro', since: 'long ago' }, theirs: { x: 1 } },
      metadata: { $date: 'mine' },
      created_at: '2020-01-01T00:00:00Z',
    });
    expect(snapshot).toMatchObject({
      identity: { runId: 'r1', userId: 'ann', orgId: null, requestId: null, correlationId: 'r1' },
      inputText: 'hi',
      executionMode: 'draft',
      conversation: {
        messages: [{ role: 'user', content: 'olá', at: new Date('2026-11-23'), own: 1 }],
        routing: { route: 'sales' },
      },
      enrichments: {
        profile: { displayName: 'Ann' },
        memory: null,
        documents: [{ id: 'd1', type: 'pdf' }],
        webResults: [{ url: 'https://example.org' }],
      },
      metadata: { $date: 'mine' },
    });
    expect(snapshot.extensions.require(TENANT).plan).toBe('pro');
    expect(read(stored(snapshot))).toEqual(snapshot);
  });

  it('is refused with everything that is wrong with it: SNAPSHOT_INVALID', () => {
    const data = {
      ...stored(full()),
      identity: { runId: 7, userId: [] },
      inputText: {},
      input: { at: { $date: 'never' } },
      conversation: { messages: [{ role: 'user' }], routing: 'sales' },
      enrichments: { documents: [{ id: 'a' }, { title: 'b' }] },
      extensions: { tenant: { data: 1 } },
    };
    const problems = problemsOf(data);
    expect(problems.map(({ path, problem }) => `${path} ${problem}`)).toEqual([
      'input.at.$date must be an ISO date',
      'extensions["tenant"] must be an object with version and data',
      'identity.runId must be text, not a number',
      'identity.userId must be text, not a list',
      'inputText must be text, not an object',
      'conversation.messages[0].content must be text, not absent',
      'conversation.routing must be an object, not a string',
      'enrichments.documents[1].id must be text, not absent',
    ]);
    expect(problemsOf({ ...data, version: 2 })[0]).toMatchObject({ path: 'version' });
    for (const none of [null, undefined, 'text', 7, [], {}]) expect(problemsOf(none).length).toBeGreaterThan(0);
  });

  it('that is broken in any way is refused with SNAPSHOT_INVALID and nothing else', () => {
    const valid = JSON.stringify(stored(full()));
    const json = fc.jsonValue({ maxDepth: 2, depthSize: 'small' });
    const values = [undefined, ...fc.sample(json, { numRuns: 140, seed: 7 })];
    const documents = fc.sample(fc.jsonValue(), { numRuns: 300, seed: 7 });
    const outcomes = new Map<unknown, number>();
    const tryReading = (data: unknown): void => {
      let outcome: unknown = 'read';
      try {
        read(data);
      } catch (error) {
        outcome = (error as { code?: string }).code ?? error;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    };
    for (const path of pathsIn(JSON.parse(valid))) {
      for (const value of values) tryReading(broken(JSON.parse(valid), path, value));
    }
    for (const data of documents) tryReading(data);
    expect([...outcomes.keys()].sort()).toEqual(['SNAPSHOT_INVALID', 'read']);
    expect([...outcomes.values()].reduce((sum, count) => sum + count)).toBeGreaterThan(10_000);
    expect(outcomes.get('SNAPSHOT_INVALID')).toBeGreaterThan(3_000);
  });
});

function problemsOf(data: unknown): readonly { readonly path: string; readonly problem: string }[] {
  try {
    read(data);
  } catch (error) {
    const { code, details } = error as { code: string; details: { problems: never[] } };
    expect(code).toBe('SNAPSHOT_INVALID');
    return details.problems;
  }
  return [];
}

function pathsIn(value: unknown, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  return [at, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...at, key]))].filter(
    (p) => p.length > 0,
  );
}

function broken(data: Record<string, unknown>, path: readonly string[], put: unknown): unknown {
  let at = data;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>;
  at[path.at(-1) as string] = put; // undefined is what JSON never holds
  return data;
}
