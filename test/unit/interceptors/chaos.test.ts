/*
 * A thousand runs in which stages and the interceptors around them throw, wait, stall, answer, recover and are cancelled. What
 * has to come of an undisturbed one is worked out by a model of the onion; of a disturbed one, that nothing is left of it.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AnyInterceptor, InterceptorRole, type StageContext, StageOutput } from '../../../src/stage/index.js';
import { Rig } from '../run/hand-bound.js';

const BODY = ['ok', 'throw', 'skip', 'wait', 'wait and throw', 'stall'] as const;
const LAYER = [
  'pass',
  'wait',
  'throw before',
  'throw after',
  'answer',
  'recover',
  'try twice',
  'observe and throw',
  'inline pass',
  'inline throw before',
  'inline throw after',
  'inline answer',
  'inline recover',
  'stall',
] as const;
type Body = (typeof BODY)[number];
type Layer = (typeof LAYER)[number];

const stage = fc.record({
  bodies: fc.array(fc.constantFrom(...BODY), { minLength: 1, maxLength: 3 }),
  layers: fc.array(fc.constantFrom(...LAYER), { maxLength: 5 }),
});
const plan = fc.record({
  stages: fc.array(stage, { minLength: 1, maxLength: 4 }),
  cancelAfterMs: fc.option(fc.integer({ min: 0, max: 12 }), { nil: null }),
});

interface Ending {
  readonly status: 'ok' | 'skip' | 'fail';
  /** An interceptor, and not the stage, is to blame. */
  readonly byLayer: boolean;
}
const OK: Ending = { status: 'ok', byLayer: false };
const BROKEN: Ending = { status: 'fail', byLayer: true };

/** What the onion has to make of a stage, and how often the stage is called for it. */
function model({ bodies, layers }: { bodies: readonly Body[]; layers: readonly Layer[] }) {
  let calls = 0;
  const within = (index: number): Ending => {
    const layer = layers[index];
    if (layer === undefined) return bodyEnding(bodies[calls++ % bodies.length] as Body);
    if (layer.endsWith('throw before')) return BROKEN;
    if (layer.endsWith('answer')) return OK;
    const ending = within(index + 1);
    if (layer === 'throw after' || layer === 'inline throw after') return BROKEN;
    if (ending.status !== 'fail') return ending;
    if (layer.endsWith('recover')) return OK;
    return layer === 'try twice' ? within(index + 1) : ending;
  };
  return { ending: within(0), calls };
}

function bodyEnding(body: Body): Ending {
  if (body === 'skip') return { status: 'skip', byLayer: false };
  return body.endsWith('throw') ? { status: 'fail', byLayer: false } : OK;
}

const stall = (ctx: StageContext) => new Promise<void>((done) => ctx.clock.setTimer(1_000, done));

async function body(does: Body, ctx: StageContext): Promise<unknown> {
  if (does.startsWith('wait')) await ctx.sleep(3);
  if (does === 'stall') await stall(ctx);
  if (does.endsWith('throw')) throw new Error('from the stage');
  return does === 'skip' ? StageOutput.skip('nothing') : { from: 'stage' };
}

function boom(): never {
  throw new Error('from a layer');
}

const recover = (output: StageOutput): StageOutput =>
  output.status === 'fail' ? StageOutput.ok({ recovered: true }) : output;

const INLINE: Partial<Record<Layer, AnyInterceptor>> = {
  'inline pass': { before: () => 1, after: () => {} },
  'inline throw before': { before: boom },
  'inline throw after': { after: boom },
  'inline answer': { before: () => StageOutput.ok({ answered: true }) },
  'inline recover': { after: (_, output) => recover(output) },
};

function layerOf(does: Layer): AnyInterceptor {
  const inline = INLINE[does];
  if (inline !== undefined) return inline;
  const observer = does === 'observe and throw' ? { role: InterceptorRole.Observer } : {};
  return {
    ...observer,
    async intercept(ctx, next) {
      if (does === 'throw before') boom();
      if (does === 'answer') return StageOutput.ok({ answered: true });
      if (does === 'wait') await ctx.sleep(2);
      if (does === 'stall') await stall(ctx);
      const output = await next();
      if (does === 'throw after' || does === 'observe and throw') boom();
      if (does === 'recover') return recover(output);
      return does === 'try twice' && output.status === 'fail' ? next() : output;
    },
  };
}

it('a thousand runs end as the model says, or are cancelled, and leave nothing behind', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ stages, cancelAfterMs }) => {
      const alive = new Set<object>();
      const rig = new Rig(
        stages.map(({ bodies, layers }, index) => {
          let calls = 0;
          return {
            name: `s${index}`,
            dependsOn: index === 0 ? [] : [{ stage: `s${index - 1}`, optional: true }],
            interceptors: layers.map(layerOf),
            run: async (ctx: StageContext) => {
              const token = {};
              alive.add(token);
              return body(bodies[calls++ % bodies.length] as Body, ctx).finally(() => alive.delete(token));
            },
          };
        }),
        { failurePolicy: 'continue', graceMs: 5_000 },
      );
      const run = rig.start();
      if (cancelAfterMs !== null) rig.clock.setTimer(cancelAfterMs, () => run.cancel('enough'));
      await rig.clock.advance(60_000);
      const { status, results } = await run.result;
      expect([alive.size, rig.clock.pendingTimers, results.abandoned]).toEqual([0, 0, []]);
      for (const [index, result] of results.stages.entries()) {
        const { ending, calls } = model(stages[index] as (typeof stages)[number]);
        expect(result.status).not.toBe('running');
        if (status === 'cancelled' && (result.status === 'cancel' || result.status === 'not-started')) continue;
        if (status !== 'cancelled') expect([result.status, result.attempts]).toEqual([ending.status, calls]);
        if (result.status === 'fail' && status !== 'cancelled') {
          expect(result.failure?.code).toBe(ending.byLayer ? 'INTERCEPTOR_FAILED' : 'STAGE_FAILED');
        }
        expect(result.attempts).toBeLessThanOrEqual(calls);
      }
    }),
    { numRuns: 1_000, seed: 1_071 },
  );
});
