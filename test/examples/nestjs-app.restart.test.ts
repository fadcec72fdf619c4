import { describe, expect, it, vi } from 'vitest';
import type { Client } from '../../examples/nestjs-app/story/client.js';
import { House } from './newsletter-house.js';

const draft = (slug: string) => ({ slug, title: 'Title', text: 'Text.' });

/** What waits for somebody, page by page. */
async function allRequests(approver: Client): Promise<{ id: string; runId: string }[]> {
  const all: { id: string; runId: string }[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const { body } = await approver.get(`/approvals${after === '' ? '' : `?after=${after}`}`);
    all.push(...body.requests);
    after = body.next;
  }
  return all;
}

describe.each(['express', 'fastify'] as const)('the newsletters on %s', (adapter) => {
  it.each(['after', 'before'] as const)(
    'go on with a run that waited for an approval, given %s the application has come back',
    async (when) => {
      await using house = await House.open(adapter);
      const { runId } = (await (await house.as('ann')).post('/editions', draft('may'))).body;
      const id = await house.requestOf(runId, await house.as('tom'));
      const watched = house.until(await house.as('ann'), runId, 'pipeline.cancelled');
      await house.stop();
      const last = (await watched).at(-1);
      expect(last?.data).toMatchObject({ type: 'pipeline.cancelled', reason: 'the application is closing' });

      if (when === 'before') await house.whileClosed((approvals) => approvals.approve(id, house.decider('tom')));
      await house.start();
      const [ann, tom] = [await house.as('ann'), await house.as('tom')];
      if (when === 'after') {
        expect((await tom.get('/approvals')).body.requests).toMatchObject([{ id, runId }]);
        await tom.post(`/approvals/${id}/approve`);
      }
      const seen = await house.until(ann, runId, 'pipeline.completed', last?.id);
      const types = seen.map(({ type }) => type);
      expect(types.slice(0, 3)).toEqual(['pipeline.started', 'auth.login', 'pipeline.resumed']);
      expect(types.filter((type) => type === 'stage.restored')).toHaveLength(3);
      expect(seen.filter(({ type }) => type === 'tool.completed').map(({ data }) => data.tool)).toEqual([
        'send_edition',
      ]);
      expect((await ann.get(`/runs/${runId}`)).body.status).toBe('completed');
      expect((await ann.get('/mail')).body).toHaveLength(2);
      expect((await ann.post(`/runs/${runId}/undo`)).body.undone).toMatchObject([{ tool: 'save_edition' }]);
    },
  );

  it('lose no accepted run when they are closed under load', async () => {
    await using house = await House.open(adapter);
    const ann = await house.as('ann');
    const accepted: string[] = [];
    let isUnderLoad = (): void => {};
    const load = new Promise<void>((resolve) => {
      isUnderLoad = resolve;
    });
    const statuses = new Set<number>();
    const one = async (slug: string): Promise<void> => {
      const answer = await ann.post(`/editions`, draft(slug)).catch(() => null); // the connection was refused
      statuses.add(answer?.status ?? 0);
      if (answer?.status === 202 && accepted.push(answer.body.runId) === 40) isUnderLoad();
    };
    const lanes = Array.from({ length: 20 }, async (_, lane) => {
      for (let turn = 0; house.isOpen; turn++) await one(`lane-${lane}-${turn}`);
    });
    await load;
    await house.stop();
    await Promise.all(lanes);
    expect([...statuses].filter((status) => ![202, 503, 0].includes(status))).toEqual([]);

    await house.start();
    const tom = await house.as('tom');
    const requests = await vi.waitFor(async () => {
      const all = await allRequests(tom);
      expect(all.map(({ runId }) => runId)).toEqual(expect.arrayContaining(accepted));
      return all;
    }, 15_000);
    expect(new Set(requests.map(({ runId }) => runId)).size).toBe(requests.length);
    await Promise.all(requests.map(({ id }) => tom.post(`/approvals/${id}/approve`)));
    const ann2 = await house.as('ann');
    for (const runId of accepted) {
      expect((await house.until(ann2, runId, 'pipeline.completed')).at(-1)?.type).toBe('pipeline.completed');
    }
    const mail: { slug: string }[] = (await ann2.get('/mail')).body;
    expect(mail).toHaveLength(2 * requests.length);
  });
});
