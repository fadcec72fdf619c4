import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AuthContext } from '../../../src/auth/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import { StageOutput } from '../../../src/stage/index.js';
import { defineTool } from '../../../src/tools/index.js';
import { CallLog } from './call-log.js';

const input = z.object({ n: z.number() });

/** Two tools that say with which key they were called. */
function keyed(keys: string[] = []) {
  const facts = { description: 'Acts once per key.', input, effect: 'idempotent' } as const;
  const [first, second] = ['first', 'second'].map((name) =>
    defineTool({
      ...facts,
      name,
      execute: ({ n }, ctx) => {
        keys.push(ctx.idempotencyKey);
        return { by: name, n };
      },
    }),
  );
  return { first: first as NonNullable<typeof first>, second: second as NonNullable<typeof second>, keys };
}

describe('the idempotency key of a call', () => {
  it('is the same for an id that comes back with the same input, and another for another input or another tool', async () => {
    const { first, second, keys } = keyed();
    const pipeline = new Pipeline('p').withTools(first, second).withStage('s', async ({ tools }) => {
      for (const n of [1, 1, 2]) await tools.call(first, { n }, { callId: 'call_0' });
      await tools.call(second, { n: 1 }, { callId: 'call_0' });
    });
    await pipeline.run();
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  it('keeps tenants apart that choose the same run id, and so do idempotency keys', async () => {
    const { first, keys } = keyed();
    const pipeline = new Pipeline('p')
      .withTools(first)
      .withStage('s', (ctx) => ctx.tools.call(first, { n: 1 }, { callId: 'call_0' }))
      .build({ toolServices: { calls: new CallLog() }, trustedCallers: true });
    for (const orgId of ['acme', 'umbrella', 'acme']) {
      await pipeline.run({ auth: AuthContext.verified({ userId: 'ann', orgId }), identity: { runId: 'r-1' } });
    }
    expect(new Set(keys).size).toBe(2);
    expect(keys).toHaveLength(2);
  });

  it('stays when the stage is tried again, and changes when a guard has sent the run back', async () => {
    const { first, keys } = keyed();
    let rounds = 0;
    const pipeline = new Pipeline('p')
      .withTools(first)
      .withStage(
        's',
        async ({ tools }) => {
          await tools.call(first, { n: 1 });
          if (keys.length === 1) return StageOutput.retry('again');
          return { done: true };
        },
        {
          interceptors: [
            {
              intercept: async (_ctx, next) => {
                const output = await next();
                return output.status === 'retry' ? next() : output;
              },
            },
          ],
        },
      )
      .withStage('guard', () => (++rounds > 1 ? { fine: true } : StageOutput.fail('poor')), {
        dependsOn: ['s'],
        kind: 'guard',
        retryFrom: { stage: 's', attempts: 2 },
      });
    await pipeline.run();
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });
});

describe('a call log', () => {
  it('that all runs share answers no run with what another has done, whoever calls', async () => {
    const { first, keys } = keyed();
    const pipeline = new Pipeline('p')
      .withTools(first)
      .withStage('s', (ctx) => ctx.tools.call(first, { n: 1 }, { callId: 'call_0' }))
      .build({ toolServices: { calls: new CallLog() }, trustedCallers: true });
    const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme' });
    const bob = AuthContext.verified({ userId: 'bob', orgId: 'umbrella' });
    for (const auth of [ann, bob, bob]) await pipeline.run({ auth });
    expect(new Set(keys).size).toBe(3);
  });

  it('keeps tenants apart that choose the same run id, and so do idempotency keys', async () => {
    const { first, keys } = keyed();
    const pipeline = new Pipeline('p')
      .withTools(first)
      .withStage('s', (ctx) => ctx.tools.call(first, { n: 1 }, { callId: 'call_0' }))
      .build({ toolServices: { calls: new CallLog() }, trustedCallers: true });
    for (const orgId of ['acme', 'umbrella', 'acme']) {
      await pipeline.run({ auth: AuthContext.verified({ userId: 'ann', orgId }), identity: { runId: 'r-1' } });
    }
    expect(new Set(keys).size).toBe(2);
    expect(keys).toHaveLength(2);
  });

  it('does not answer one tool with what another gave under the same id', async () => {
    const { first, second } = keyed();
    const pipeline = new Pipeline('p').withTools(first, second).withStage('s', async ({ tools }) => {
      const one = await tools.call(first, { n: 1 }, { callId: 'call_0' });
      const two = await tools.call(second, { n: 1 }, { callId: 'call_0' });
      return { one, two };
    });
    const { one, two } = (await pipeline.build({ toolServices: { calls: new CallLog() } }).run()).of('s');
    expect([one, two]).toEqual([
      { by: 'first', n: 1 },
      { by: 'second', n: 1 },
    ]);
  });

  it('lets a stage that a guard has sent back call with another input', async () => {
    const { first } = keyed();
    const pipeline = new Pipeline('p')
      .withTools(first)
      .withStage('s', (ctx) => ctx.tools.call(first, { n: ctx.feedback?.attempt ?? 1 }) as Promise<{ n: number }>)
      .withStage('guard', (ctx) => (ctx.inputs.from('s').n > 1 ? { fine: true } : StageOutput.fail('poor')), {
        dependsOn: ['s'],
        kind: 'guard',
        retryFrom: { stage: 's', attempts: 2 },
      });
    const results = await pipeline.build({ toolServices: { calls: new CallLog() } }).run();
    expect(results.of('s').n).toBe(2);
  });
});
