import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { openTelemetry } from '../../../../src/observability/otel/index.js';
import { Pipeline } from '../../../../src/pipeline/index.js';

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}
interface OtlpBody {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[] }[];
}

/** A collector: takes what is posted as JSON. */
async function collector() {
  const bodies: { path: string | undefined; type: string | undefined; body: OtlpBody }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    bodies.push({ path: request.url, type: request.headers['content-type'], body: JSON.parse(text) });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}/v1/traces`, bodies, close };
}

it('spans reach a collector over OTLP/HTTP, nested as they are', async () => {
  const { url, bodies, close } = await collector();
  const provider = new BasicTracerProvider({
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const { sinks } = openTelemetry({ tracer: provider.getTracer('test'), meter: false });
  const pipeline = new Pipeline('p').withStage('a', () => ({})).withStage('b', () => ({}), { dependsOn: ['a'] });
  await pipeline.build({ sinks }).run();
  await provider.forceFlush();
  await provider.shutdown();
  await close();
  expect(bodies.map(({ path, type }) => [path, type])).toEqual([['/v1/traces', 'application/json']]);
  const spans = bodies.flatMap(({ body }) =>
    body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
  );
  const run = spans.find(({ name }) => name === 'run p');
  expect(spans.map(({ name }) => name).sort()).toEqual(['run p', 'stage a', 'stage b']);
  expect(run?.traceId).toMatch(/^[\da-f]{32}$/);
  for (const span of spans) {
    expect(span.traceId).toBe(run?.traceId);
    if (span !== run) expect(span.parentSpanId).toBe(run?.spanId);
  }
});
