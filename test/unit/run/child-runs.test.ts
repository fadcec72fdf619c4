import { describe, expect, it } from 'vitest';
import { Access, AuthContext, OrgContext } from '../../../src/auth/index.js';
import { extensionToken } from '../../../src/context/index.js';
import { type LogFields, type StageflowLogger, silentLogger } from '../../../src/events/index.js';
import { Engine, type RunResults } from '../../../src/run/index.js';
import type { SpawnablePipeline, StageContext } from '../../../src/stage/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { settle } from '../../../src/testing/manual-clock.js';
import { bind, type HandOptions, type HandStage, Rig, rejection, spawnable } from './hand-bound.js';

/** A pipeline of one stage. */
const child = (run: HandStage['run'], options: HandOptions = {}): SpawnablePipeline =>
  spawnable([{ name: 'inner', ...(run ? { run } : {}) }], options);

/** A run whose only stage is `run`. */
const parent = (run: NonNullable<HandStage['run']>, options: ConstructorParameters<typeof Rig>[1] = {}): Rig =>
  new Rig([{ name: 'outer', run }], { name: 'parent', ...options });

describe('a run that a stage starts', () => {
  it('gives its results, and has an id, a bag and artifacts of its own (126)', async () => {
    let ids: string[] = [];
    const inner = child((ctx) => {
      ids.push(ctx.runId);
      expect(ctx.bag.has('fact')).toBe(false);
      ctx.bag.set('fact', 'of the child');
      return { doubled: (ctx.snapshot.input as number) * 2 };
    });
    const rig = parent(async (ctx) => {
      ids = [ctx.runId];
      ctx.bag.set('fact', 'of the parent');
      const results = await ctx.spawn(inner, { input: 21 });
      expect(results.bag.get('fact')).toBe('of the child');
      return results.of('inner');
    });
    const { results } = await rig.outcome();
    expect(results.of('outer')).toEqual({ doubled: 42 });
    expect(results.bag.get('fact')).toBe('of the parent');
    expect(new Set(ids).size).toBe(2);
  });

  it('gets nothing of the snapshot but what is named, and what is given instead (126)', async () => {
    const seen: unknown[] = [];
    const note = extensionToken<{ text: string }>('test.note');
    const inner = child(({ snapshot }) => {
      seen.push([snapshot.input, snapshot.inputText, snapshot.metadata, snapshot.extensions.get(note)?.text]);
    });
    const rig = parent(async (ctx) => {
      await ctx.spawn(inner);
      await ctx.spawn(inner, {}, { inherit: ['input', 'extensions'] });
      await ctx.spawn(inner, { input: { b: 2 } }, { inherit: ['input', 'metadata', 'inputText'] });
    });
    await rig.outcome({
      input: { a: 1 },
      inputText: 'hello',
      metadata: { from: 'web' },
      extensions: [note.of({ text: 'note' })],
    });
    expect(seen).toEqual([
      [undefined, null, {}, undefined],
      [{ a: 1 }, null, {}, 'note'],
      [{ b: 2 }, 'hello', { from: 'web' }, undefined],
    ]);
  });

  it('shares no data that either could change for the other (127)', async () => {
    const given = { list: [1], nested: { deep: true } };
    const gate = new Gate();
    const inner = child(async ({ snapshot }) => {
      await gate.pass();
      const input = snapshot.input as typeof given;
      expect(() => input.list.push(2)).toThrow(TypeError);
      expect(() => (snapshot.metadata as { tags: string[] }).tags.push('x')).toThrow(TypeError);
      return { seen: input.list, fresh: { list: [7] } };
    });
    const rig = parent(async (ctx) => {
      const pending = ctx.spawn(inner, { input: given }, { inherit: ['metadata'] });
      given.list.push(99);
      given.nested.deep = false;
      gate.open();
      const output = (await pending).of('inner') as { seen: number[]; fresh: { list: number[] } };
      expect(() => output.fresh.list.push(8)).toThrow(TypeError);
      return { seen: output.seen, tags: (ctx.snapshot.metadata as { tags: string[] }).tags };
    });
    const { results } = await rig.outcome({ metadata: { tags: ['a'] } });
    expect(results.of('outer')).toEqual({ seen: [1], tags: ['a'] });
  });

  it('carries its lineage in identity, events and log lines, and keeps it when it is over (113, 131)', async () => {
    const lines: LogFields[] = [];
    const logger: StageflowLogger = {
      ...silentLogger,
      isEnabled: () => true,
      child: (fields) => {
        lines.push(fields);
        return logger;
      },
    };
    const deep = child((ctx) => {
      ctx.logger.info('deep');
      ctx.emit('note', { runId: 'forged', lineage: 'forged', sequence: 0, parentRunId: null });
    });
    let middle: RunResults | undefined;
    const inner = child(async (ctx) => {
      middle = await ctx.spawn(deep);
    });
    const rig = parent((ctx) => ctx.spawn(inner).then(() => {}), { logger });
    const { results } = await rig.outcome({ identity: { correlationId: 'c-1', requestId: 'r-1' } });
    const root = results.runId;
    expect(middle?.identity).toMatchObject({ rootRunId: root, parentStage: 'inner', depth: 2, correlationId: 'c-1' });
    expect(middle?.identity.requestId).toBe('r-1');
    const [note] = rig.sink.ofType('custom');
    expect(note).toMatchObject({
      runId: middle?.runId,
      parentRunId: middle?.identity.parentRunId,
      correlationId: 'c-1',
    });
    expect(note?.lineage).toEqual({ rootRunId: root, parentStage: 'inner', depth: 2, path: ['outer', 'inner'] });
    for (const event of rig.sink.events) {
      expect(event).toMatchObject({ correlationId: 'c-1', lineage: { rootRunId: root } });
      if (event.runId !== root) expect(event.parentRunId).not.toBeNull();
    }
    expect(lines.at(-1)).toMatchObject({ parentRunId: middle?.identity.parentRunId, rootRunId: root, depth: 2 });
  });

  it('is compiled once, however often it is started, and can be started many times at once', async () => {
    const inner = child(async ({ snapshot }) => ({ n: snapshot.input }));
    const rig = parent(async (ctx) => {
      const all = await Promise.all(Array.from({ length: 100 }, (_, n) => ctx.spawn(inner, { input: n })));
      return { sum: all.reduce((sum, results) => sum + results.of('inner').n, 0) };
    });
    expect((await rig.outcome()).results.of('outer')).toEqual({ sum: 4_950 });
    expect(new Set(rig.sink.events.map(({ runId }) => runId)).size).toBe(101);
  });
});

describe('who a child is for', () => {
  const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme', roles: ['reader'] });
  const acme = OrgContext.verified({ orgId: 'acme', tenantId: 'eu-1' });

  it('is who its parent is for, verified once', async () => {
    let verified = 0;
    const seen: unknown[] = [];
    const inner = child(({ auth, org, snapshot }) => void seen.push(auth, org, snapshot.identity.userId));
    const verifier = {
      verify: () => {
        verified++;
        return { auth: ann, org: acme };
      },
    };
    const rig = parent((ctx) => ctx.spawn(inner).then(() => {}), { verifier });
    await rig.outcome({ token: 'x.y.z' });
    expect(verified).toBe(1);
    expect(seen).toEqual([ann, acme, 'ann']);
    expect(rig.sink.ofType('auth.login')).toMatchObject([{ by: 'token' }, { by: 'parent', principalId: 'ann' }]);
  });

  it('is asked again for the rules of its stages', async () => {
    let called = false;
    const bound = bind([
      {
        name: 'inner',
        run: () => {
          called = true;
        },
      },
    ]);
    const closed = { ...bound, stages: bound.stages.map((stage) => ({ ...stage, access: [Access.anyRole('admin')] })) };
    const rig = parent((ctx) => ctx.spawn({ '~pipeline': { bound: closed } }).then(() => {}), { trustedCallers: true });
    const outcome = await rig.outcome({ auth: ann });
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(called).toBe(false);
    expect(outcome.error.cause).toMatchObject({ stage: 'inner', failureCode: 'AUTH_FORBIDDEN' });
  });

  it.each(['token', 'auth', 'org', 'identity'])('cannot be said to be another by %s', async (field) => {
    const inner = child(() => ({}));
    const given = { token: 'x.y.z', auth: ann, org: acme, identity: { userId: 'eve' } }[field];
    const rig = parent((ctx) => ctx.spawn(inner, { [field]: given } as object).then(() => {}), {
      trustedCallers: true,
    });
    const outcome = await rig.outcome();
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error.cause).toMatchObject({ code: 'RUN_INPUT_INVALID', details: { stage: 'outer', field } });
  });
});

describe('the limits of a child', () => {
  it.each([
    [undefined, null, undefined, 4],
    [2, null, undefined, 2],
    [2, null, 3, 2],
    [3, 2, 4, 2],
    [undefined, 3, 1, 1],
  ])('are narrowed: parent %s, pipeline %s, own %s', async (above, ofPipeline, own, most) => {
    let running = 0;
    let peak = 0;
    const stages = ['a', 'b', 'c', 'd'].map((name) => ({
      name,
      run: async () => {
        peak = Math.max(peak, ++running);
        await settle();
        running--;
      },
    }));
    const inner = spawnable(stages, ofPipeline === null ? {} : { maxConcurrency: ofPipeline });
    const rig = parent((ctx) => ctx.spawn(inner, {}, own ? { maxConcurrency: own } : {}).then(() => {}));
    await rig.outcome({}, above ? { maxConcurrency: above } : {});
    expect(peak).toBe(most);
  });

  it('include a deadline of its own, within that of its parent', async () => {
    const inner = child((ctx) => new Gate().pass(ctx.signal));
    const codes: string[] = [];
    const rig = parent(async (ctx) => {
      await ctx.spawn(inner, {}, { timeoutMs: 100 }).catch((error) => codes.push(error.code));
      await ctx.spawn(inner, {}, { timeoutMs: 10_000 }).catch((error) => codes.push(error.code));
    });
    const run = rig.start({}, { timeoutMs: 500 });
    await rig.clock.advance(100);
    expect(codes).toEqual(['RUN_TIMEOUT']);
    await rig.clock.advance(400);
    const outcome = await run.result;
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'RUN_TIMEOUT' } });
    expect(codes).toEqual(['RUN_TIMEOUT', 'RUN_CANCELLED']);
    expect(rig.clock.pendingTimers).toBe(0);
  });

  it.each([{ timeoutMs: -1 }, { timeoutMs: Number.NaN }, { maxConcurrency: 0 }, { inherit: ['bag'] }])(
    'are refused if they are none: %j',
    async (options) => {
      const inner = child(() => ({}));
      const rig = parent((ctx) => ctx.spawn(inner, {}, options as object).then(() => {}));
      const outcome = await rig.outcome();
      if (outcome.status !== 'failed') throw new Error(outcome.status);
      expect(outcome.error.cause).toMatchObject({ code: 'RUN_INPUT_INVALID' });
    },
  );

  it('stop a pipeline that goes on starting itself, naming depth, limit and parent (128)', async () => {
    const self: { pipeline?: SpawnablePipeline } = {};
    let refusal: any;
    self.pipeline = child(async (ctx) => {
      await ctx.spawn(self.pipeline as SpawnablePipeline).catch((error: unknown) => {
        refusal ??= { error, runId: ctx.runId };
      });
    });
    const rig = parent((ctx) => ctx.spawn(self.pipeline as SpawnablePipeline).then(() => {}), { maxDepth: 3 });
    expect((await rig.outcome()).status).toBe('completed');
    expect(new Set(rig.sink.events.map(({ lineage }) => lineage.depth))).toEqual(new Set([0, 1, 2, 3]));
    expect(refusal.error).toMatchObject({
      code: 'CHILD_TOO_DEEP',
      details: { depth: 4, maxDepth: 3, parentRunId: refusal.runId, parentStage: 'inner' },
    });
  });

  it('count the runs above also where a run is started by other means, and says by which (128)', async () => {
    const bound = bind([{ name: 'again', run: (ctx) => again(ctx) }], { name: 'again' });
    const rig = new Rig([{ name: 'unused' }], { maxDepth: 2 });
    const engine: Engine = rig.engine;
    const depths: number[] = [];
    let refusal: any;
    async function again(ctx: StageContext): Promise<void> {
      depths.push(ctx.snapshot.identity.depth);
      const identity = { parentRunId: ctx.runId, depth: 0, rootRunId: 'forged' };
      await engine.run(bound, { identity }).catch((error) => {
        refusal ??= error;
      });
    }
    const { runId } = await engine.run(bound);
    expect(depths).toEqual([0, 1, 2]);
    expect(refusal).toMatchObject({ code: 'CHILD_TOO_DEEP', details: { depth: 3, maxDepth: 2 } });
    expect(rig.sink.events.every(({ lineage }) => lineage.rootRunId === runId)).toBe(true);
  });

  it('is a whole number of levels', () => {
    expect(() => new Engine({ maxDepth: -1 })).toThrow('maxDepth is -1');
    expect(() => new Engine({ maxDepth: 1.5 })).toThrow('maxDepth is 1.5');
  });
});

describe('what cannot be started', () => {
  class Orders {}

  it.each([
    [Orders, 'belongs to no application'],
    [{ module: Orders }, 'belongs to no application'],
    [{}, 'is no pipeline'],
    ['orders', 'is no pipeline'],
    [null, 'is no pipeline'],
  ])('is refused with CHILD_UNKNOWN: %s', async (wanted, why) => {
    const rig = parent(async (ctx) => ({ error: await rejection(ctx.spawn(wanted as never)) }));
    const { error } = (await rig.outcome()).results.of('outer');
    expect(error).toMatchObject({ code: 'CHILD_UNKNOWN' });
    expect(error.message).toContain(why);
  });

  it('is anything at all for a stage that has settled, or does not run yet', async () => {
    const inner = child(() => ({}));
    let kept: StageContext | undefined;
    const asked: Promise<any>[] = [];
    const rig = new Rig([
      {
        name: 'a',
        run: (ctx) => {
          kept = ctx;
        },
      },
      { name: 'b', dependsOn: ['a'], run: () => void asked.push(rejection((kept as StageContext).spawn(inner))) },
      { name: 'c', when: (ctx) => asked.push(rejection(ctx.spawn(inner))) > 0 },
      { name: 'd', run: (ctx) => ctx.onCleanup(() => void asked.push(rejection(ctx.spawn(inner)))) },
    ]);
    await rig.outcome();
    expect(await Promise.all(asked)).toMatchObject([
      { code: 'CHILD_TOO_LATE', details: { stage: 'c' } },
      { code: 'CHILD_TOO_LATE', details: { stage: 'a' } },
      { code: 'CHILD_TOO_LATE', details: { stage: 'd' } },
    ]);
  });
});
