import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../examples/nestjs-app/story/client.js';
import { House } from './newsletter-house.js';

const MAY = { slug: 'may', title: 'May', text: 'It  is spring.' };

describe.each(['express', 'fastify'] as const)('the newsletters on %s', (adapter) => {
  let house: House;
  let ann: Client;
  let tom: Client;
  let eve: Client;
  beforeEach(async () => {
    house = await House.open(adapter);
    [ann, tom, eve] = await Promise.all([house.as('ann'), house.as('tom'), house.as('eve')]);
  });
  afterEach(() => house[Symbol.asyncDispose]());

  const submit = async (text = MAY.text): Promise<string> => {
    const { status, body } = await ann.post('/editions', { ...MAY, text });
    expect(status).toBe(202);
    return body.runId;
  };

  it('let nobody in without a token of the issuer, but to the health check', async () => {
    const tokenOf = (issuer: string, secret: string) =>
      new SignJWT({ org_id: 'acme', roles: ['chief'] })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('mallory')
        .setIssuer(issuer)
        .setAudience('newsletters')
        .setExpirationTime('1h')
        .sign(new TextEncoder().encode(secret));
    const forged = await tokenOf('https://issuer.example/', 'x'.repeat(32));
    const foreign = await tokenOf('https://other.example/', house.secret);
    for (const token of [null, 'nonsense', forged, foreign]) {
      const nobody = house.with(token);
      for (const path of ['/mail', '/runs', '/approvals', '/runs/1/events', '/editions/may']) {
        expect(await nobody.get(path), path).toMatchObject({ status: 401 });
      }
      expect(await nobody.post('/editions', MAY)).toMatchObject({ status: 401 });
    }
    expect(await house.with(null).get('/health')).toEqual({
      status: 200,
      body: { stageflow: { status: 'up', state: 'running', running: 0 } },
    });
  });

  it('refuse what is no draft, and say what is wrong with it', async () => {
    const { status, body } = await ann.post('/editions', { slug: 'May!', title: 'May' });
    expect(status).toBe(400);
    expect(body.issues).toEqual([expect.stringMatching(/^slug: /), expect.stringMatching(/^text: /)]);
    expect((await ann.get('/runs')).body).toEqual([]);
  });

  it('tell of a run while it goes on, and of the rest to whoever comes back', async () => {
    const runId = await submit();
    const first = await house.until(ann, runId, 'stage.progress');
    expect(first.map(({ type }) => type).slice(0, 2)).toEqual(['pipeline.started', 'auth.login']);
    expect(first.at(-1)?.data).toMatchObject({ stage: 'Proofread', note: '3 words' });
    await house.approve(runId, tom);
    const rest = await house.until(ann, runId, 'pipeline.completed', first.at(-1)?.id);
    expect(rest.map(({ data }) => data.sequence)).toEqual(rest.map((_, place) => first.length + 1 + place));
    expect(rest.filter(({ type }) => type === 'tool.completed').map(({ data }) => data.tool)).toEqual([
      'save_edition',
      'send_edition',
    ]);
    expect(await house.until(ann, runId, 'pipeline.completed', rest.at(-1)?.id)).toEqual([]);
  });

  it('send what somebody else has approved, in the name of who asked', async () => {
    const runId = await submit();
    const [login] = (await house.until(ann, runId, 'approval.requested')).filter(({ type }) => type === 'auth.login');
    expect(login?.data).toMatchObject({ principalId: 'ann', orgId: 'acme' });
    expect((await ann.get('/mail')).body).toEqual([]);
    const { body } = await house.approve(runId, tom);
    expect(body).toMatchObject({ status: 'approved', requestedBy: 'ann', decidedBy: 'tom', tool: 'send_edition' });
    await house.until(ann, runId, 'pipeline.completed');
    expect((await ann.get('/mail')).body.map(({ address }: { address: string }) => address)).toEqual([
      'joy@acme.example',
      'sam@acme.example',
    ]);
    const { body: runs } = await ann.get('/runs');
    expect(runs).toEqual([{ runId, startedBy: 'ann', status: 'completed' }]);
  });

  it('let neither who asked decide, nor who has not the role, nor anybody twice', async () => {
    const runId = await submit();
    const id = await house.requestOf(runId, tom);
    const bea = await house.as('bea');
    for (const [who, name] of [
      [ann, 'ann'],
      [bea, 'bea'],
    ] as const) {
      expect((await who.get('/approvals')).body.requests, name).toEqual([]);
      expect(await who.post(`/approvals/${id}/approve`), name).toMatchObject({
        status: 403,
        body: { code: 'APPROVAL_FORBIDDEN' },
      });
    }
    expect(await tom.post(`/approvals/${id}/deny`)).toMatchObject({ status: 400 });
    expect((await tom.post(`/approvals/${id}/deny`, { reason: 'too short' })).body.status).toBe('denied');
    expect(await tom.post(`/approvals/${id}/approve`)).toMatchObject({
      status: 409,
      body: { code: 'APPROVAL_SETTLED' },
    });
  });

  it('send nothing that was denied, and undo what was saved', async () => {
    const first = await submit('As it was.');
    await house.approve(first, tom);
    await house.until(ann, first, 'pipeline.completed');
    const runId = await submit('Buy now!');
    await tom.post(`/approvals/${await house.requestOf(runId, tom)}/deny`, { reason: 'too loud' });
    const failed = (await house.until(ann, runId, 'pipeline.failed')).at(-1);
    expect(failed?.data.error).toMatchObject({ code: 'TOOL_DENIED' });
    expect((await ann.get(`/runs/${runId}`)).body).toMatchObject({ status: 'failed' });
    expect((await ann.get('/mail')).body).toHaveLength(2);

    expect((await ann.get('/editions/may')).body.text).toBe('Buy now!');
    expect(await tom.post(`/runs/${runId}/undo`)).toMatchObject({ status: 200, body: { undone: [] } });
    const { undone } = (await ann.post(`/runs/${runId}/undo`)).body;
    expect(undone).toMatchObject([{ tool: 'save_edition', earlier: false }]);
    expect((await ann.get('/editions/may')).body.text).toBe('As it was.');
    expect((await ann.post(`/runs/${runId}/undo`)).body.undone).toMatchObject([{ earlier: true }]);
  });

  it('tell another house nothing, not even that there is something', async () => {
    const runId = await submit();
    const id = await house.requestOf(runId, tom);
    expect((await eve.get('/approvals')).body.requests).toEqual([]);
    expect((await eve.get('/runs')).body).toEqual([]);
    for (const what of [runId, 'no-such-run']) {
      expect(await eve.get(`/runs/${what}`)).toMatchObject({ status: 404, body: { code: 'JOURNAL_RUN_MISSING' } });
      expect(await eve.get(`/runs/${what}/events`)).toMatchObject({ status: 404 });
      expect(await eve.post(`/runs/${what}/undo`)).toMatchObject({ status: 404, body: { code: 'UNDO_UNKNOWN' } });
    }
    for (const what of [id, 'no-such-request']) {
      const refused = { status: 404, body: { code: 'APPROVAL_UNKNOWN' } };
      expect(await eve.post(`/approvals/${what}/approve`)).toMatchObject(refused);
    }
    expect(await eve.get('/editions/may')).toMatchObject({ status: 404 });
    expect((await tom.get('/approvals')).body.requests).toMatchObject([{ id, status: 'pending' }]);
  });
});
