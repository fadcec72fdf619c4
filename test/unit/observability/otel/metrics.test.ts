import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RetryInterceptor } from '../../../../src/interceptors/index.js';
import { MODEL_USAGE, openTelemetry } from '../../../../src/observability/otel/index.js';
import { Pipeline } from '../../../../src/pipeline/index.js';
import { StageOutput } from '../../../../src/stage/index.js';
import { Gate } from '../../../../src/testing/gate.js';
import { defineTool } from '../../../../src/tools/index.js';
import { Metrics } from './telemetry.js';

const opened: Metrics[] = [];
afterAll(async () => {
  for (const metrics of opened) await metrics.shutdown();
});

function measured() {
  const metrics = new Metrics();
  opened.push(metrics);
  const { sinks } = openTelemetry({ tracer: false, meter: metrics.meter });
  return { metrics, sinks };
}

const by = (key: string) => (point: { attributes: Record<string, unknown>; value: number }) => [
  point.attributes[key],
  point.attributes['stageflow.outcome'],
  point.value,
];

describe('metrics', () => {
  it('count how runs and stages end, those never called included, and time the others', async () => {
    const { metrics, sinks } = measured();
    const pipeline = new Pipeline('p', { failurePolicy: 'continue' })
      .withStage('good', () => ({}))
      .withStage('skipped', () => StageOutput.skip('no'))
      .withStage('bad', () => StageOutput.fail('no', { code: 'MINE' }))
      .withStage('never', () => ({}), { dependsOn: ['bad'] })
      .build({ sinks });
    await pipeline.start().result;
    await pipeline.start().result;
    const outcomes = await metrics.points('stageflow.stage.outcomes');
    expect(outcomes.map(by('stageflow.stage'))).toEqual([
      ['good', 'completed', 2],
      ['skipped', 'skipped', 2],
      ['bad', 'failed', 2],
      ['never', 'skipped', 2],
    ]);
    const stages = await metrics.points('stageflow.stage.duration');
    expect(stages.map(by('stageflow.stage'))).toEqual([
      ['good', 'completed', 2],
      ['bad', 'failed', 2],
    ]);
    expect(stages[1]?.attributes['error.type']).toBe('MINE');
    const runs = await metrics.points('stageflow.run.duration');
    expect(runs.map(by('stageflow.pipeline'))).toEqual([['p', 'failed', 2]]);
  });

  it('count retries by what failed', async () => {
    const { metrics, sinks } = measured();
    const interceptors = [RetryInterceptor.with({ attempts: 3, delayMs: 0 })];
    const busy = () => StageOutput.fail('busy', { code: 'BUSY', retryable: true });
    await new Pipeline('p', { interceptors }).withStage('a', busy).build({ sinks }).start().result;
    const [point] = await metrics.points('stageflow.stage.retries');
    expect(point).toMatchObject({ value: 2, attributes: { 'stageflow.stage': 'a', 'error.type': 'BUSY' } });
  });

  it('show what is in flight and what waits for a place, and nothing of either once the run is over', async () => {
    const { metrics, sinks } = measured();
    const gate = new Gate();
    let pipeline = new Pipeline<any>('p', { maxConcurrency: 1 });
    for (const name of ['a', 'b', 'c']) {
      pipeline = pipeline.withStage(name, async () => {
        await gate.pass();
        return {};
      });
    }
    pipeline = pipeline.withStage('last', () => ({}), { dependsOn: ['a', 'b', 'c'] });
    const run = pipeline.build({ sinks }).start();
    await gate.reached;
    const now = async () => [
      (await metrics.points('stageflow.stage.in_flight'))[0]?.value,
      (await metrics.points('stageflow.stage.waiting'))[0]?.value,
    ];
    expect(await now()).toEqual([1, 2]);
    gate.open();
    await run.result;
    expect(await now()).toEqual([0, 0]);
  });

  it('show nothing in flight after a cancelled run', async () => {
    const { metrics, sinks } = measured();
    const gate = new Gate();
    const pipeline = new Pipeline('p')
      .withStage('a', async (ctx) => {
        await gate.pass(ctx.signal);
        return {};
      })
      .withStage('b', () => ({}), { dependsOn: ['a'] });
    const run = pipeline.build({ sinks }).start();
    await gate.reached;
    run.cancel();
    await run.result;
    expect((await metrics.points('stageflow.stage.in_flight'))[0]?.value).toBe(0);
  });

  it('time tool calls, show breakers and count the tokens that a stage reports', async () => {
    const { metrics, sinks } = measured();
    const ping = defineTool({
      name: 'ping',
      description: 'Answers.',
      input: z.object({}),
      effect: 'read',
      execute: () => ({ ok: true }),
    });
    const pipeline = new Pipeline('p').withTools(ping).withStage('a', async (ctx) => {
      await ctx.tools.call(ping, {});
      ctx.emit(MODEL_USAGE, { model: 'm', inputTokens: 12, outputTokens: 3 });
      ctx.emit(MODEL_USAGE, { inputTokens: Number.NaN, outputTokens: -1 });
      ctx.emit(MODEL_USAGE, null);
      ctx.emit('circuit_breaker.changed', { state: 'open' });
      return {};
    });
    await pipeline.build({ sinks }).run();
    expect((await metrics.points('stageflow.tool.duration')).map(by('stageflow.tool'))).toEqual([
      ['ping', 'completed', 1],
    ]);
    expect((await metrics.points('stageflow.circuit_breaker.open'))[0]?.value).toBe(1);
    const tokens = await metrics.points('stageflow.model.tokens');
    expect(tokens.map(({ attributes, value }) => [attributes['gen_ai.token.type'], value])).toEqual([
      ['input', 12],
      ['output', 3],
    ]);
  });

  it('name pipelines, stages and tools, and never a run or a user', async () => {
    const { metrics, sinks } = measured();
    const run = new Pipeline('p')
      .withStage('a', () => ({}))
      .build({ sinks })
      .start({ identity: { requestId: 'q-9' } });
    await run.result;
    const all = await Promise.all(
      ['stageflow.run.duration', 'stageflow.stage.duration', 'stageflow.stage.outcomes'].map((name) =>
        metrics.points(name),
      ),
    );
    expect(JSON.stringify(all)).not.toContain(run.id);
    expect(JSON.stringify(all)).not.toContain('q-9');
  });
});
