import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SSE_HEADERS, type SseOptions, toSse, writeSse } from '../../../src/observability/index.js';
import { Pipeline } from '../../../src/pipeline/index.js';
import type { PipelineRun } from '../../../src/run/index.js';
import { Gate } from '../../../src/testing/gate.js';
import { ManualClock, settle } from '../../../src/testing/manual-clock.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function started(gate?: Gate): PipelineRun {
  return new Pipeline('p')
    .withStage('a', async (ctx) => {
      ctx.emit('note', { text: 'zwei\nZeilen ☂' });
      await gate?.pass(ctx.signal);
      return {};
    })
    .build()
    .start();
}

/** As a browser reads it: blocks of lines, comments apart. */
function messages(text: string) {
  const blocks = text.split('\n\n').filter((block) => block !== '');
  return blocks.map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: ?(.*)/s))));
}

describe('the events of a run over http', () => {
  it('have their sequence number as id, their type, and themselves as JSON; the stream ends with the run', async () => {
    const run = started();
    const url = await serve((_request, response) => void writeSse(run, response));
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-cache');
    const all = messages(await response.text());
    expect(all.map(({ id, event }) => [id, event])).toEqual([
      ['1', 'pipeline.started'],
      ['2', 'stage.started'],
      ['3', 'custom'],
      ['4', 'stage.completed'],
      ['5', 'pipeline.completed'],
    ]);
    expect(JSON.parse(all[2]?.data ?? '')).toMatchObject({ runId: run.id, data: { text: 'zwei\nZeilen ☂' } });
  });

  it('go on after Last-Event-ID, without a gap or a repeat', async () => {
    const run = started();
    await run.result;
    const url = await serve((request, response) => {
      void writeSse(run, response, { lastEventId: request.headers['last-event-id'] });
    });
    const ids = async (last: string) => {
      const response = await fetch(url, { headers: { 'last-event-id': last } });
      return messages(await response.text()).map(({ id }) => id);
    };
    expect(await ids('3')).toEqual(['4', '5']);
    expect(await ids('5')).toEqual([]);
    for (const invalid of ['abc', '-1', '1.5', '']) expect(await ids(invalid)).toHaveLength(5);
  });

  it.each([
    [true, 'cancelled'],
    [false, 'completed'],
  ])('when the client goes away, with cancelOnDisconnect %s, leave the run %s', async (cancelOnDisconnect, status) => {
    const gate = new Gate();
    const run = started(gate);
    const over = new Gate();
    const url = await serve((_request, response) => {
      void writeSse(run, response, { cancelOnDisconnect }).then(() => over.open());
    });
    const abort = new AbortController();
    const response = await fetch(url, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    await over.passed;
    gate.open();
    expect((await run.result).status).toBe(status);
  });
});

describe('a web stream', () => {
  async function read(run: PipelineRun, options?: SseOptions): Promise<string> {
    return new Response(toSse(run, options), { headers: SSE_HEADERS }).text();
  }

  it('is what a Response takes', async () => {
    expect(messages(await read(started()))).toHaveLength(5);
  });

  it('sends a comment when nothing else was for a while, and none when there was', async () => {
    const clock = new ManualClock();
    const gate = new Gate();
    const run = started(gate);
    await gate.reached;
    const reader = toSse(run, { clock, heartbeatMs: 1_000, lastEventId: 3 }).getReader();
    const texts: string[] = [];
    const next = async () => texts.push(new TextDecoder().decode((await reader.read()).value));
    const first = next();
    await settle();
    await clock.advance(1_000);
    await first;
    const second = next();
    await settle();
    await clock.advance(999);
    gate.open();
    await second;
    expect(texts[0]).toBe(': still here\n\n');
    expect(texts[1]).toMatch(/^id: 4\nevent: stage\.completed\n/);
    await next();
    expect((await reader.read()).done).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  it('that is cancelled cancels the run if told to', async () => {
    const gate = new Gate();
    const run = started(gate);
    await gate.reached;
    await toSse(run, { cancelOnDisconnect: true }).cancel();
    expect((await run.result).status).toBe('cancelled');
  });

  it('says so when what the client missed is no longer kept', async () => {
    const many = new Pipeline('p').withStage('a', (ctx) => {
      for (let count = 0; count < 70_000; count++) ctx.emit('n');
      return {};
    });
    const run = many.build().start();
    await run.result;
    const [only] = messages(await read(run, { lastEventId: '1' }));
    expect(only?.event).toBe('stageflow.error');
    expect(JSON.parse(only?.data ?? '').code).toBe('RUN_EVENTS_EVICTED');
  });
});
