import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AgentStage } from '../../../../src/agents/index.js';
import { RetryInterceptor } from '../../../../src/interceptors/index.js';
import { genAiConventions, openTelemetry, traceHeaders } from '../../../../src/observability/otel/index.js';
import { Pipeline } from '../../../../src/pipeline/index.js';
import { StageKind, StageOutput } from '../../../../src/stage/index.js';
import { Gate } from '../../../../src/testing/gate.js';
import { scriptedModel } from '../../../../src/testing/scripted-model.js';
import { defineTool } from '../../../../src/tools/index.js';
import { Traces, withActiveContext } from './telemetry.js';

withActiveContext();

function traced(options = {}) {
  const traces = new Traces();
  const { sinks, interceptors } = openTelemetry({ tracer: traces.tracer, meter: false, ...options });
  return { traces, sinks, interceptors, tracer: traces.tracer };
}

describe('spans', () => {
  it('nest run > stage, and a span of the user inside of a stage, also after a wait, is a child of it', async () => {
    const { traces, sinks, interceptors, tracer } = traced();
    const own = async (name: string) => {
      await Promise.resolve();
      tracer.startSpan(name).end();
      return {};
    };
    const pipeline = new Pipeline('p', { interceptors })
      .withStage('a', () => own('in a'))
      .withStage('b', () => own('in b'))
      .withStage('c', () => own('in c'), { dependsOn: ['a', 'b'] });
    const run = pipeline.build({ sinks }).start({ identity: { correlationId: 'c-1' } });
    await run.result;
    for (const name of ['a', 'b', 'c']) {
      expect(traces.path(`in ${name}`)).toEqual([`in ${name}`, `stage ${name}`, 'run p']);
      const { attributes } = traces.named(`stage ${name}`);
      expect(attributes).toMatchObject({ 'stageflow.run.id': run.id, 'stageflow.correlation.id': 'c-1' });
      expect(attributes['stageflow.outcome']).toBe('completed');
    }
    expect(traces.spans).toHaveLength(7);
  });

  it('are children of what was active where the run was started', async () => {
    const { traces, sinks, tracer } = traced();
    const request = tracer.startSpan('request');
    const pipeline = new Pipeline('p').withStage('a', () => ({})).build({ sinks });
    await context.with(trace.setSpan(context.active(), request), () => pipeline.run());
    request.end();
    expect(traces.path('stage a')).toEqual(['stage a', 'run p', 'request']);
  });

  it('of parallel runs of one pipeline do not mix', async () => {
    const { traces, sinks, interceptors, tracer } = traced();
    const pipeline = new Pipeline('p', { interceptors })
      .withStage('a', async (ctx) => {
        await Promise.resolve();
        tracer.startSpan(`own of ${ctx.snapshot.inputText}`).end();
        return {};
      })
      .build({ sinks });
    const inputs = Array.from({ length: 20 }, (_, index) => String(index));
    await Promise.all(inputs.map((inputText) => pipeline.run({ inputText, identity: { runId: `run-${inputText}` } })));
    const byId = new Map(traces.spans.map((span) => [span.spanContext().spanId, span]));
    for (const inputText of inputs) {
      const stage = byId.get(traces.named(`own of ${inputText}`).parentSpanContext?.spanId ?? '');
      expect(stage?.attributes['stageflow.run.id']).toBe(`run-${inputText}`);
    }
  });

  it('of a stage with several dependencies are linked to theirs', async () => {
    const { traces, sinks } = traced();
    const pipeline = new Pipeline('p')
      .withStage('a', () => ({}))
      .withStage('b', () => ({}), { dependsOn: ['a'] })
      .withStage('c', () => ({}))
      .withStage('d', () => ({}), { dependsOn: ['b', 'c'] });
    await pipeline.build({ sinks }).run();
    expect(traces.named('stage b').links).toEqual([]);
    expect(traces.named('stage d').links.map(({ context: linked }) => linked.spanId)).toEqual([
      traces.named('stage b').spanContext().spanId,
      traces.named('stage c').spanContext().spanId,
    ]);
  });

  it('say how stages and runs failed, with the exception, and are no error for a skip or a cancel', async () => {
    const { traces, sinks } = traced();
    const pipeline = new Pipeline('p', { failurePolicy: 'continue' })
      .withStage('thrown', () => {
        throw Object.assign(new Error('no disk'), { code: 'ENOSPC' });
      })
      .withStage('skipped', () => StageOutput.skip('nothing to do'))
      .withStage('never', () => ({}), { dependsOn: ['thrown'] });
    await pipeline.build({ sinks }).start().result;
    const thrown = traces.named('stage thrown');
    expect(thrown.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no disk' });
    expect(thrown.attributes['error.type']).toBe('ENOSPC');
    expect(thrown.events).toMatchObject([
      { name: 'exception', attributes: { 'exception.type': 'ENOSPC', 'exception.message': 'no disk' } },
    ]);
    const skipped = traces.named('stage skipped');
    expect(skipped.status.code).toBe(SpanStatusCode.UNSET);
    expect(skipped.attributes).toMatchObject({
      'stageflow.outcome': 'skipped',
      'stageflow.reason': 'nothing to do',
    });
    const run = traces.named('run p');
    expect(run.status.code).toBe(SpanStatusCode.ERROR);
    expect(run.attributes).toMatchObject({ 'stageflow.outcome': 'failed', 'stageflow.failed_stage': 'thrown' });
    // What never started has no span of its own: it is an event of the run.
    expect(run.events.find(({ name }) => name === 'stage.skipped')?.attributes).toMatchObject({
      'stageflow.stage': 'never',
      'stageflow.skip.cause': 'dependency-failed',
    });
  });

  it('of stages that a cancel reaches are ended, as cancelled', async () => {
    const { traces, sinks } = traced();
    const gate = new Gate();
    const pipeline = new Pipeline('p').withStage('a', async (ctx) => {
      await gate.pass(ctx.signal);
      return {};
    });
    const run = pipeline.build({ sinks }).start();
    await gate.reached;
    run.cancel('enough');
    await run.result;
    for (const name of ['stage a', 'run p']) {
      expect(traces.named(name).attributes['stageflow.outcome']).toBe('cancelled');
      expect(traces.named(name).status.code).toBe(SpanStatusCode.UNSET);
    }
  });

  it('hold the retries of a stage as events, in one span for all attempts, and one context for all', async () => {
    const { traces, sinks, interceptors, tracer } = traced();
    let calls = 0;
    const retry = RetryInterceptor.with({ attempts: 3, delayMs: 0 });
    const pipeline = new Pipeline('p', { interceptors: [retry, ...interceptors] }).withStage('a', () => {
      tracer.startSpan(`call ${++calls}`).end();
      if (calls < 3) throw Object.assign(new Error('busy'), { retryable: true });
      return {};
    });
    await pipeline.build({ sinks }).run();
    const stage = traces.named('stage a');
    expect(stage.events.map(({ name }) => name)).toEqual(['stage.retry_scheduled', 'stage.retry_scheduled']);
    expect(stage.attributes['stageflow.attempts']).toBe(3);
    expect(traces.path('call 3')).toEqual(['call 3', 'stage a', 'run p']);
  });

  it('nest a tool call under its stage, with how it ended', async () => {
    const { traces, sinks, interceptors } = traced();
    const add = defineTool({
      name: 'add',
      description: 'Adds.',
      input: z.object({ a: z.number() }),
      effect: 'read',
      execute: ({ a }) => {
        if (a < 0) throw new Error('negative');
        return { sum: a + 1 };
      },
    });
    const pipeline = new Pipeline('p', { interceptors })
      .withTools(add)
      .withStage('a', (ctx) => ctx.tools.call(add, { a: 1 }))
      .withStage('b', (ctx) => ctx.tools.invoke({ id: 'x', name: 'add', arguments: { a: -1 } }), { dependsOn: ['a'] });
    await pipeline.build({ sinks }).run();
    const tools = traces.spans.filter(({ name }) => name === 'tool add');
    const stages = ['stage a', 'stage b'].map((name) => traces.named(name).spanContext().spanId);
    expect(tools.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(stages);
    expect(tools.map(({ attributes }) => attributes['stageflow.outcome'])).toEqual(['completed', 'failed']);
    expect(tools[1]?.attributes['stageflow.tool.call.id']).toBe('x');
    expect(tools[1]?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it('that a tool starts are children of its call, which has one span however often it is tried', async () => {
    const { traces, sinks, interceptors, tracer } = traced();
    let calls = 0;
    const flaky = defineTool({
      name: 'flaky',
      description: 'Works the second time.',
      input: z.object({}),
      effect: 'read',
      interceptors: [RetryInterceptor.with({ attempts: 2, delayMs: 0 })],
      execute: async () => {
        await Promise.resolve();
        tracer.startSpan(`try ${++calls}`).end();
        if (calls === 1) throw Object.assign(new Error('busy'), { retryable: true });
        return { traceparent: traceHeaders().traceparent };
      },
    });
    const pipeline = new Pipeline('p', { interceptors }).withTools(flaky).withStage('a', (ctx) => {
      const own = tracer.startSpan('own');
      const called = context.with(trace.setSpan(context.active(), own), () => ctx.tools.call(flaky, {}));
      return called.finally(() => own.end());
    });
    const results = await pipeline.build({ sinks }).run();
    for (const name of ['try 1', 'try 2']) {
      expect(traces.path(name)).toEqual([name, 'tool flaky', 'own', 'stage a', 'run p']);
    }
    const tool = traces.named('tool flaky');
    expect(tool.events.map(({ name }) => name)).toEqual(['tool.retry_scheduled']);
    expect(tool.attributes['stageflow.outcome']).toBe('completed');
    const traceparent = expect.stringContaining(tool.spanContext().spanId);
    expect(results.of('a')).toEqual({ traceparent });
  });

  it('of a run that a stage spawns are children of that stage, also where no context is kept', async () => {
    for (const around of ['with', 'without']) {
      const { traces, sinks, interceptors } = traced();
      const options = around === 'with' ? { interceptors } : {};
      const child = new Pipeline('child', options)
        .withStage('x', () => ({}))
        .withStage('y', () => ({}))
        .withStage('inner', () => ({}), { dependsOn: ['x', 'y'] });
      const parent = new Pipeline('parent', options).withStage('outer', async (ctx) => {
        await ctx.spawn(child.build());
        return {};
      });
      await parent.build({ sinks }).run();
      expect(traces.path('stage inner')).toEqual(['stage inner', 'run child', 'stage outer', 'run parent']);
      expect(traces.named('stage inner').links).toHaveLength(2);
    }
  });

  it('of a run started inside of a stage are children of that stage', async () => {
    const { traces, sinks, interceptors } = traced();
    const child = new Pipeline('child', { interceptors }).withStage('inner', () => ({})).build({ sinks });
    const parent = new Pipeline('parent', { interceptors }).withStage('outer', async (ctx) => {
      await child.run({}, {});
      return { of: ctx.runId };
    });
    await parent.build({ sinks }).run();
    expect(traces.path('stage inner')).toEqual(['stage inner', 'run child', 'stage outer', 'run parent']);
  });

  it('of a run that names its parent are in the trace of that one, where nothing else is active', async () => {
    const { traces, sinks } = traced();
    const gate = new Gate();
    const parent = new Pipeline('parent').withStage('outer', async () => {
      await gate.pass();
      return {};
    });
    const child = new Pipeline('child').withStage('inner', () => ({}));
    const run = parent.build({ sinks }).start();
    await gate.reached;
    await child.build({ sinks }).run({ identity: { parentRunId: run.id } });
    gate.open();
    await run.result;
    expect(traces.path('run child')).toEqual(['run child', 'run parent']);
  });

  it('hold no secret of the run', async () => {
    const { traces, sinks } = traced();
    const pipeline = new Pipeline('p').withStage('a', (ctx) => {
      throw new Error(`cannot log in with ${(ctx.snapshot.input as { password: string }).password}`);
    });
    await pipeline.build({ sinks }).start({ input: { password: 'hunter2-very-secret' } }).result;
    const written = JSON.stringify(
      traces.spans.map(({ attributes, events, status }) => ({ attributes, events, status })),
    );
    expect(written).toContain('cannot log in with');
    expect(written).not.toContain('hunter2');
  });

  it('are as long as the engine says, whatever clock it has', async () => {
    const { traces, sinks } = traced();
    const results = await new Pipeline('p')
      .withStage('a', () => ({}))
      .build({ sinks })
      .run();
    const { startTime, endTime } = traces.named('stage a');
    const ms = (endTime[0] - startTime[0]) * 1_000 + (endTime[1] - startTime[1]) / 1e6;
    expect(ms).toBeCloseTo(results.stage('a').durationMs ?? -1, 3);
  });
});

describe('the conventions for generative AI', () => {
  it('name runs, agent stages and tool calls', async () => {
    const { traces, sinks } = traced({ conventions: genAiConventions });
    const look = defineTool({
      name: 'look',
      description: 'Looks.',
      input: z.object({ secret: z.string() }),
      effect: 'read',
      execute: () => ({ found: 'classified' }),
    });
    const pipeline = new Pipeline('p')
      .withTools(look)
      .withStage('plain', () => ({}))
      .withStage('helper', (ctx) => ctx.tools.call(look, { secret: 'content' }), { kind: StageKind.Agent });
    await pipeline.build({ sinks }).run();
    expect(traces.named('invoke_workflow p').attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.agent.name': 'p',
    });
    expect(traces.named('invoke_agent helper').attributes['gen_ai.agent.name']).toBe('helper');
    expect(traces.named('execute_tool look').attributes).toMatchObject({ 'gen_ai.tool.name': 'look' });
    expect(traces.path('stage plain')).toEqual(['stage plain', 'invoke_workflow p']);
    const written = JSON.stringify(traces.spans.map(({ attributes, events }) => [attributes, events]));
    expect(written).not.toMatch(/content|classified/);
  });
});

describe('turns of a model', () => {
  it('are spans under the agent, with the tokens they used, and have no content', async () => {
    for (const conventions of [genAiConventions, undefined]) {
      const { traces, sinks } = traced(conventions === undefined ? {} : { conventions });
      const agent = new AgentStage(scriptedModel(['Hello.']), { instructions: 'Secret instructions.' });
      await new Pipeline('p').withStage('talk', agent, StageKind.Agent).build({ sinks }).run({ inputText: 'Hi' });
      const name = conventions === undefined ? 'model scripted' : 'chat scripted';
      expect(traces.path(name)[1]).toBe(conventions === undefined ? 'stage talk' : 'invoke_agent talk');
      const { attributes, kind } = traces.named(name);
      expect(kind).toBe(SpanKind.CLIENT);
      expect(attributes).toMatchObject(
        conventions === undefined
          ? { 'stageflow.model': 'scripted', 'stageflow.model.input_tokens': 10 }
          : { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.output_tokens': 5, 'gen_ai.request.model': 'scripted' },
      );
      expect(JSON.stringify(traces.spans.map((span) => span.attributes))).not.toMatch(/Secret|Hello|Hi"/);
    }
  });

  it('that are none have no span', async () => {
    const { traces, sinks } = traced();
    const odd = new Pipeline('p').withStage('a', (ctx) => ctx.emit('agent.turn', null)).build({ sinks });
    await odd.run();
    expect(traces.spans).toHaveLength(2);
  });
});
