import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from './adapters.js';
import { CrawlAppModule, Visits } from './crawl-app.js';

const REQUESTS = 2_000;
const USERS = 50;
/** How many are under way at once; the bench has all of them. */
const LANES = 100;

describe.each(ADAPTERS)('a Nest application on %s', (_name, adapter) => {
  let app: INestApplication | undefined;
  afterEach(() => app?.close());

  it('mixes up no identity over 2,000 requests of 50 users, and keeps nothing alive', async () => {
    const module = await Test.createTestingModule({ imports: [CrawlAppModule] }).compile();
    app = module.createNestApplication(adapter(), { forceCloseConnections: true, logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    Visits.disposed = 0;
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      const wrong: unknown[] = [];
      for (let index = lane; index < REQUESTS; index += LANES) {
        const user = `user-${index % USERS}`;
        const request = fetch(`${url}/crawl?url=${user}`, { method: 'POST', headers: { 'x-user': user } });
        const answer = (await (await request).json()) as { by: string; same: boolean; html: string };
        if (answer.by !== user || !answer.same || answer.html !== `<b>${user}</b>`) wrong.push([user, answer]);
      }
      return wrong;
    });
    expect((await Promise.all(lanes)).flat()).toEqual([]);
    expect(Visits.disposed).toBe(REQUESTS);
    expect(await (await fetch(`${url}/health`)).json()).toEqual({
      stageflow: { status: 'up', state: 'running', running: 0 },
    });
  });
});
