import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { getPipelineToken, type NestPipeline } from 'stageflow/nestjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ADAPTERS } from './adapters.js';
import { CrawlAppModule, CrawlController, CrawlPipeline, Door } from './crawl-app.js';

describe.each(ADAPTERS)('a Nest application on %s', (_name, adapter) => {
  let app: INestApplication | undefined;
  let url = '';

  async function listen(): Promise<INestApplication> {
    const module = await Test.createTestingModule({ imports: [CrawlAppModule] }).compile();
    app = module.createNestApplication(adapter(), { forceCloseConnections: true, logger: false });
    await app.listen(0, '127.0.0.1');
    url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    return app;
  }
  afterEach(() => app?.close());

  const crawl = (user: string): Promise<Response> =>
    fetch(`${url}/crawl?url=${user}`, { method: 'POST', headers: { 'x-user': user } });

  it('runs a pipeline for the caller that the guard let in, with a controller that stays a singleton', async () => {
    CrawlController.made = 0;
    await listen();
    const answer = await crawl('ann');
    expect(await answer.json()).toEqual({ by: 'ann', same: true, html: '<b>ann</b>' });
    expect((await fetch(`${url}/crawl`, { method: 'POST' })).status).toBe(401);
    expect(CrawlController.made).toBe(1);
  });

  it('uses the compiled plan, from the second run on at the latest', async () => {
    await listen();
    await crawl('ann'); // Nest 11 records what belongs to a request when it first builds it
    const { slowBecause } = app?.get<NestPipeline>(getPipelineToken(CrawlPipeline), { strict: false }) ?? {};
    expect(slowBecause).toBeNull();
  });

  it('streams events as they happen, and cancels the run of a client that leaves', async () => {
    const door = (await listen()).get(Door);
    const leave = new AbortController();
    const answer = await fetch(`${url}/events/cancel`, { signal: leave.signal });
    const reader = (answer.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('stage.progress')) text += (await reader.read()).value ?? '';
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(text).toMatch(/event: pipeline.started\nid: 1\ndata: \{/);
    leave.abort();
    await vi.waitFor(() => expect(door.told).toBe(1));
  });

  it('ends a stream when its run has ended', async () => {
    const door = (await listen()).get(Door);
    const answer = await fetch(`${url}/events/keep`);
    await vi.waitFor(() => expect(door.waiting).toHaveLength(1));
    door.open();
    expect(await answer.text()).toContain('event: pipeline.completed');
  });

  it('loses no accepted run when it shuts down, and cancels what outlives the grace period', async () => {
    const running = await listen();
    const door = running.get(Door);
    const finishing = Array.from({ length: 20 }, () => fetch(`${url}/slow`));
    await vi.waitFor(() => expect(door.waiting).toHaveLength(20));
    const closing = running.close();
    await vi.waitFor(async () => expect((await fetch(`${url}/slow`)).status).toBe(503));
    door.open();
    for (const answer of await Promise.all(finishing)) expect(await answer.json()).toEqual({ done: true });
    await closing;
    expect(door.told).toBe(0);
  });

  it('tells the client of a run that the shutdown cancelled', async () => {
    const running = await listen();
    const stream = fetch(`${url}/events/keep`).then((answer) => answer.text());
    const waiting = fetch(`${url}/slow`);
    await vi.waitFor(() => expect(running.get(Door).waiting).toHaveLength(2));
    await running.close();
    expect(await stream).toContain('event: pipeline.cancelled');
    const answer = await waiting;
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'RUN_CANCELLED' });
  });
});
