import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  MemoryUndoStore,
  SqlUndoStore,
  UndoService,
  type UndoServiceOptions,
  type UndoStore,
  undoers,
} from '../../../src/approvals/index.js';
import { AuthContext, OrgContext } from '../../../src/auth/index.js';
import { diffText } from '../../../src/diff/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { openSqlite } from '../../../src/sql/sqlite/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';
import { defineTool, type UndoRecord } from '../../../src/tools/index.js';

const ann = { auth: AuthContext.verified({ userId: 'ann', orgId: 'acme' }) };
const admin = { auth: AuthContext.verified({ userId: 'root', orgId: 'acme', roles: ['admin'] }) };

let clock: ManualClock;
let store: UndoStore;
let texts: Map<string, string>;
let undone: string[];

const edit = defineTool({
  name: 'edit',
  description: 'Edits.',
  input: z.object({ path: z.string(), text: z.string() }),
  output: z.object({ done: z.literal(true) }),
  effect: 'reversible',
  execute: ({ path, text }, ctx) => {
    if (text === 'refused') throw new Error('nothing was done');
    const before = texts.get(path) ?? '';
    ctx.recordUndo({ before, diff: diffText(before, text, { name: path }).patch });
    texts.set(path, text);
    if (text === 'broken') throw new Error('after it was done');
    return { done: text !== 'odd' } as { done: true };
  },
  undo: ({ input, data }) => {
    const { path } = input as { path: string };
    undone.push(path);
    if (path === 'locked') throw new Error('the file is locked');
    texts.set(path, (data as { before: string }).before);
  },
});

const service = (options: Partial<UndoServiceOptions> = {}) =>
  new UndoService({
    store,
    handlerOf: (name) => (name === 'edit' ? edit.definition.undo : undefined),
    policy: undoers({ roles: ['admin'] }),
    clock,
    timeoutMs: 1_000,
    ttlMs: 10_000,
    ...options,
  });

async function edited(undo: UndoService, edits: readonly (readonly [id: string, path: string, text: string])[]) {
  const pipeline = new Pipeline('p').withTools(edit).withStage('s', async (ctx) => {
    const statuses: string[] = [];
    for (const [id, path, text] of edits) {
      statuses.push((await ctx.tools.invoke({ id, name: 'edit', arguments: { path, text } })).status);
    }
    return { statuses, runId: ctx.runId };
  });
  return (await pipeline.build({ toolServices: { undo }, clock }).run(ann)).of('s');
}

const recorded = (undo: UndoService, changes: Partial<UndoRecord> = {}) => {
  const record = { runId: 'run', callId: 'c1', tool: 'edit', input: { path: 'a' }, data: {}, output: 1, ...changes };
  return undo.record(record, { auth: ann.auth, org: OrgContext.none });
};

beforeEach(() => {
  clock = new ManualClock();
  store = new MemoryUndoStore();
  texts = new Map([['a', 'old']]);
  undone = [];
});

describe('a call', () => {
  it('is undone by its id, once, by whoever made it', async () => {
    const undo = service();
    await edited(undo, [['c1', 'a', 'changed']]);
    expect(texts.get('a')).toBe('changed');
    await undo.undo('c1', ann);
    expect(texts.get('a')).toBe('old');
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    expect(undone).toEqual(['a']);
  });

  it('can be undone with data {}, and with none', async () => {
    const seen: unknown[] = [];
    const undo = service({
      handlerOf:
        () =>
        ({ data }) =>
          void seen.push(data),
    });
    await recorded(undo, { callId: 'c1', data: {} });
    await recorded(undo, { callId: 'c2', data: undefined });
    await undo.undo('c1', ann);
    await undo.undo('c2', ann);
    expect(seen).toEqual([{}, undefined]);
  });

  it('that failed after it had done something, or gave something odd, can be undone; one that did nothing cannot', async () => {
    const undo = service();
    const { statuses } = await edited(undo, [
      ['c1', 'a', 'broken'],
      ['c2', 'b', 'odd'],
      ['c3', 'c', 'refused'],
    ]);
    expect(statuses).toEqual(['failed', 'failed', 'failed']);
    await undo.undo('c2', ann);
    await undo.undo('c1', ann);
    expect([...texts]).toEqual([
      ['a', 'old'],
      ['b', ''],
    ]);
    await expect(undo.undo('c3', ann)).rejects.toMatchObject({ code: 'UNDO_UNKNOWN' });
  });

  it('can be undone after a restart, whatever its tool is called now', async () => {
    const database = openSqlite(':memory:');
    store = new SqlUndoStore(database);
    await edited(service(), [['c1', 'a', 'changed']]);
    store = new SqlUndoStore(database);
    await service().undo('c1', ann);
    expect(texts.get('a')).toBe('old');
  });

  it('is told from one of the same id in another run', async () => {
    const undo = service();
    const { runId } = await edited(undo, [['c1', 'a', 'one']]);
    await edited(undo, [['c1', 'b', 'two']]);
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_AMBIGUOUS' });
    await undo.undo('c1', ann, { runId });
    expect([...texts]).toEqual([
      ['a', 'old'],
      ['b', 'two'],
    ]);
  });

  it('whose handler never came back is of unknown outcome, and is undone if somebody says so', async () => {
    const undo = service();
    const caller = { auth: ann.auth, org: OrgContext.none };
    await undo.opened({ runId: 'run', callId: 'c1', tool: 'edit', input: { path: 'a' } }, caller);
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    await clock.advance(1_000); // whoever made it would have said something
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_OUTCOME_UNKNOWN' });
    await service({ handlerOf: () => () => {} }).undo('c1', ann, { again: true });
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
  });

  it('that was told to stop before it kept anything may be at it still: its outcome is unknown', async () => {
    const hangs = defineTool({
      ...{ name: 'hang', description: 'Hangs.', input: z.object({}), effect: 'reversible', timeoutMs: 10 },
      execute: (_input, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      undo: () => {},
    });
    const undo = service({ handlerOf: () => hangs.definition.undo });
    const pipeline = new Pipeline('p').withTools(hangs).withStage('s', async (ctx) => {
      return { status: (await ctx.tools.invoke({ id: 'c1', name: 'hang', arguments: {} })).status };
    });
    const run = pipeline.build({ toolServices: { undo }, clock }).start(ann);
    await clock.advance(10);
    expect((await run.result).results.of('s')).toEqual({ status: 'failed' });
    await clock.advance(1_000);
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_OUTCOME_UNKNOWN' });
  });

  it('that would be kept nowhere is not made', async () => {
    store = Object.assign(new MemoryUndoStore(), { add: () => Promise.reject(new Error('disk full')) });
    expect((await edited(service(), [['c1', 'a', 'changed']])).statuses).toEqual(['failed']);
    expect(texts.get('a')).toBe('old');
  });
});

describe('an undo', () => {
  it('that fails says so, and is tried again only if somebody says so', async () => {
    const undo = service();
    await edited(undo, [['c1', 'locked', 'changed']]);
    for (let time = 0; time < 2; time++) {
      await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_FAILED' });
    }
    expect(undone).toEqual(['locked']);
    await service({ handlerOf: () => () => {} }).undo('c1', ann, { again: true });
  });

  it('that takes too long is of unknown outcome, and told to stop', async () => {
    let signal: AbortSignal | undefined;
    const slow = service({
      handlerOf: () => (_record, ctx) => {
        signal = ctx.signal;
        return new Promise(() => {});
      },
    });
    await recorded(slow);
    const refusal = expect(slow.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_OUTCOME_UNKNOWN' });
    await clock.advance(1_000);
    await refusal;
    expect([signal?.aborted, clock.pendingTimers]).toEqual([true, 0]);
    await expect(slow.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_OUTCOME_UNKNOWN' });
  });

  it('whose process died is of unknown outcome, and not begun again by itself', async () => {
    const gate = new Gate();
    const dying = service({ handlerOf: () => () => gate.pass() });
    await recorded(dying);
    void dying.undo('c1', ann).catch(() => {});
    await gate.reached;
    const after = service({ clock: new ManualClock(clock.now() + 1_000) });
    await expect(after.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_OUTCOME_UNKNOWN' });
    expect((await after.undoRun('run', ann)).failed).toMatchObject([{ callId: 'c1' }]);
    expect(undone).toEqual([]);
  });

  it('sees who undoes, the same key each time, and cannot speak to a run that is over', async () => {
    const keys: string[] = [];
    const undo = service({
      handlerOf: () => (_record, ctx) => {
        keys.push(ctx.idempotencyKey, String(ctx.auth.userId));
        ctx.progress(1);
        ctx.emit('x');
        ctx.recordUndo({});
        throw new Error('again');
      },
    });
    await recorded(undo);
    await undo.undo('c1', admin).catch(() => {});
    await undo.undo('c1', admin, { again: true }).catch(() => {});
    expect(keys).toEqual([keys[0], 'root', keys[0], 'root']);
  });

  it('whose result cannot be kept is of unknown outcome', async () => {
    const undo = service({ handlerOf: () => () => void Object.assign(store, { replace: async () => false }) });
    await recorded(undo);
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_OUTCOME_UNKNOWN' });
  });
});

describe('a run', () => {
  it('is undone from its last call to its first, and says what was undone, what stands and what failed', async () => {
    const undo = service({ handlerOf: (name) => (name === 'gone' ? undefined : edit.definition.undo) });
    const { runId } = await edited(undo, [
      ['c1', 'a', 'x'],
      ['c2', 'locked', 'x'],
      ['c3', 'b', 'x'],
      ['c4', 'c', 'x'],
    ]);
    await recorded(undo, { runId, callId: 'c5', tool: 'gone' });
    await undo.undo('c3', ann);
    const by = { auth: ann.auth, org: OrgContext.none };
    await undo.opened({ runId, callId: 'c6', tool: 'edit', input: {} }, by);
    const report = await undo.undoRun(runId, ann);
    expect(undone).toEqual(['b', 'c', 'locked', 'a']);
    expect(report).toMatchObject({
      undone: [
        { callId: 'c4', earlier: false },
        { callId: 'c3', earlier: true },
        { callId: 'c1', earlier: false },
      ],
      stands: [{ callId: 'c6' }],
      failed: [
        { callId: 'c5', reason: expect.stringContaining('no such tool any more') },
        { callId: 'c2', error: { code: 'UNDO_FAILED' } },
      ],
    });
    await expect(undo.undoRun('other', ann)).rejects.toMatchObject({ code: 'UNDO_UNKNOWN' });
  });

  it('can be undone for a time, and is then forgotten', async () => {
    const undo = service();
    const { runId } = await edited(undo, [['c1', 'a', 'x']]);
    await clock.advance(10_000);
    await expect(undo.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    expect((await undo.undoRun(runId, ann)).stands).toMatchObject([{ callId: 'c1' }]);
    await clock.advance(1);
    expect(await undo.purge()).toBe(1);
    await settle();
    expect([undone, (store as MemoryUndoStore).size]).toEqual([[], 0]);
  });
});

describe('without handlerOf', () => {
  const other = defineTool({
    ...{ name: 'edit', description: 'Edits as well.', input: z.object({}), effect: 'reversible' },
    execute: () => ({ done: true }),
    undo: () => undefined,
  });

  it('tools of the application undo their calls, also in the next process', async () => {
    const before = new UndoService({ store, clock });
    await edited(before, [['c1', 'a', 'x']]);
    const after = new UndoService({ store, clock });
    await expect(after.undo('c1', ann)).rejects.toMatchObject({ code: 'UNDO_NOT_POSSIBLE' });
    new Pipeline('p')
      .withTools(edit)
      .withStage('s', () => ({}))
      .build({ toolServices: { undo: after } });
    await after.undo('c1', ann);
    expect([undone, texts.get('a')]).toEqual([['a'], 'old']);
  });

  it('an application is refused whose tool has the name of another one that can undo', () => {
    const undo = new UndoService({ store, clock });
    const build = (tool: typeof edit | typeof other) =>
      new Pipeline('p')
        .withTools(tool)
        .withStage('s', () => ({}))
        .build({ toolServices: { undo } });
    build(edit);
    build(edit);
    expect(() => build(other)).toThrow(expect.objectContaining({ code: 'UNDO_OPTION_INVALID' }));
  });
});

it('nothing is made with options that cannot work', () => {
  const bad: Partial<UndoServiceOptions>[] = [
    { store: {} as never },
    { handlerOf: undefined as never },
    { policy: {} as never },
    { ttlMs: 0 },
    { timeoutMs: -1 },
  ];
  for (const options of bad) {
    expect(() => service(options)).toThrow(expect.objectContaining({ code: 'UNDO_OPTION_INVALID' }));
  }
});
