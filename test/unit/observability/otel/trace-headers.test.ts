import { describe, expect, it } from 'vitest';
import { openTelemetry, traceHeaders } from '../../../../src/observability/otel/index.js';
import { Pipeline } from '../../../../src/pipeline/index.js';
import { Traces, withActiveContext } from './telemetry.js';

withActiveContext();

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const GOOD = `00-${TRACE}-${SPAN}-01`;

async function parentFor(headers: Record<string, string | string[] | undefined>) {
  const traces = new Traces();
  const { sinks } = openTelemetry({ tracer: traces.tracer, meter: false });
  await new Pipeline('p')
    .withStage('a', () => ({}))
    .build({ sinks })
    .run({}, { headers });
  const run = traces.named('run p');
  return { traceId: run.spanContext().traceId, parent: run.parentSpanContext, traces };
}

describe('a trace that comes with a request', () => {
  it.each([
    ['in lower case', { traceparent: GOOD }],
    ['in another case', { Traceparent: GOOD }],
    ['with space around it', { TRACEPARENT: ` ${GOOD} ` }],
    ['as a list of one', { traceparent: [GOOD] }],
    ['not sampled, of a later version with more to it', { traceparent: `cc-${TRACE}-${SPAN}-01-what-comes` }],
  ])('is gone on with: %s', async (_, headers) => {
    const { traceId, parent, traces } = await parentFor(headers);
    expect(traceId).toBe(TRACE);
    expect(parent).toMatchObject({ spanId: SPAN, isRemote: true });
    expect(traces.named('stage a').spanContext().traceId).toBe(TRACE);
  });

  it('brings its state along', async () => {
    const { traces } = await parentFor({ traceparent: GOOD, tracestate: 'vendor=1,other=2' });
    expect(traces.named('run p').spanContext().traceState?.serialize()).toBe('vendor=1,other=2');
  });

  it.each([
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['ids that are not hexadecimal', `00-${'z'.repeat(32)}-${SPAN}-01`],
    ['upper case ids', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['no span id', `00-${TRACE}-01`],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `${GOOD}-more`],
    ['nothing', ''],
    ['anything', 'null'],
  ])('is ignored if it has %s', async (_, traceparent) => {
    const { traceId, parent } = await parentFor({ traceparent });
    expect(traceId).not.toBe(TRACE);
    expect(parent).toBeUndefined();
  });

  it('is ignored if it comes twice, or not at all', async () => {
    expect((await parentFor({ traceparent: [GOOD, GOOD] })).parent).toBeUndefined();
    expect((await parentFor({ traceparent: undefined })).parent).toBeUndefined();
    expect((await parentFor({})).parent).toBeUndefined();
  });
});

describe('the headers of a request that a stage makes', () => {
  async function sentBy(options: { tracing: boolean; headers?: Record<string, string> }) {
    const traces = new Traces();
    const { sinks, interceptors } = openTelemetry({ tracer: traces.tracer, meter: false });
    let sent: Record<string, string> | null = null;
    const pipeline = new Pipeline('p', options.tracing ? { interceptors } : {}).withStage('a', async (ctx) => {
      await ctx.withTimeout(1_000, async (limited) => {
        sent = traceHeaders(limited);
      });
      return {};
    });
    await pipeline.build(options.tracing ? { sinks } : {}).run({}, { headers: options.headers ?? {} });
    return { sent, traces };
  }

  it('name the span of the stage, and what came in', async () => {
    const { sent, traces } = await sentBy({ tracing: true, headers: { traceparent: GOOD, tracestate: 'v=1' } });
    const { spanId } = traces.named('stage a').spanContext();
    expect(sent).toEqual({ traceparent: `00-${TRACE}-${spanId}-01`, tracestate: 'v=1' });
  });

  it('are none where nothing is traced: never an invalid one', async () => {
    expect((await sentBy({ tracing: false })).sent).toEqual({});
  });
});
