import { Pipeline, type PipelineEvent, type StageContext } from 'stageflow';
import { Gate, ManualClock, settle } from 'stageflow/testing';
import { describe, expect, it } from 'vitest';

const SITE: Readonly<Record<string, readonly string[]>> = {
  '/': ['/docs', '/blog'],
  '/docs': ['/docs/api'],
  '/docs/api': [],
  '/blog': [],
};

/** Crawls a page and, in runs of their own, those it links to. */
function crawler(visit: (page: string, ctx: StageContext) => Promise<void>, maxDepth = 8) {
  const crawl = new Pipeline('crawl')
    .withStage('visit', async (ctx) => {
      const page = ctx.snapshot.inputText ?? '';
      await visit(page, ctx);
      return { page, links: SITE[page] ?? [] };
    })
    .withStage(
      'follow',
      async (ctx): Promise<{ found: readonly string[] }> => {
        const { page, links } = ctx.inputs.from('visit');
        const runs = await Promise.all(links.map((inputText) => ctx.spawn(crawl, { inputText })));
        return { found: [page, ...runs.flatMap((results) => results.of('follow').found)] };
      },
      { dependsOn: ['visit'] },
    );
  const clock = new ManualClock();
  return { clock, pipeline: crawl.build({ clock, maxDepth }) };
}

describe('a pipeline that starts itself for what it finds', () => {
  it('gives what all of them have found, and tells it in one stream', async () => {
    const { pipeline } = crawler(async () => {});
    const run = pipeline.start({ inputText: '/' });
    const { results } = await run.result;
    expect(results.of('follow')).toEqual({ found: ['/', '/docs', '/docs/api', '/blog'] });
    const events: PipelineEvent[] = [];
    for await (const event of run.events) events.push(event);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    const completed = events.filter(({ type }) => type === 'pipeline.completed');
    expect(completed.map(({ lineage }) => lineage.path.length).sort()).toEqual([0, 1, 1, 2]);
  });

  it('stops everywhere at once when it is cancelled', async () => {
    const open = new Set<string>();
    const { pipeline, clock } = crawler(async (page, { signal }) => {
      if (page === '/') return;
      open.add(page);
      await new Gate().pass(signal).finally(() => open.delete(page));
    });
    const run = pipeline.start({ inputText: '/' });
    await settle();
    expect([...open]).toEqual(['/docs', '/blog']);
    run.cancel('found enough');
    expect((await run.result).status).toBe('cancelled');
    expect(open.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is stopped where it goes too deep', async () => {
    const { pipeline } = crawler(async () => {}, 1);
    const outcome = await pipeline.start({ inputText: '/' }).result;
    if (outcome.status !== 'failed') throw new Error(outcome.status);
    expect(outcome.error.message).toContain('with 2 runs above it; there may be 1');
  });
});
