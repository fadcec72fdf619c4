import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Carrier } from '../../examples/full/services/carrier.js';
import { SETTINGS } from '../../examples/full/shop-module.js';
import { AnswerGuard } from '../../examples/full/stages/answer-guard.js';
import { Discard } from '../../examples/full/stages/discard.js';
import { FindOrder } from '../../examples/full/stages/find-order.js';
import { SearchHandbook } from '../../examples/full/stages/search-handbook.js';
import { SendAnswer } from '../../examples/full/stages/send-answer.js';
import { Solve } from '../../examples/full/stages/solve.js';
import { TrackParcel } from '../../examples/full/stages/track-parcel.js';
import { SupportApp, SupportPipeline } from '../../examples/full/support-pipeline.js';
import { AuthContext } from '../../src/auth/index.js';
import type { SqlDatabase } from '../../src/sql/index.js';
import { openSqlite } from '../../src/sql/sqlite/index.js';
import { expectRun, type ModelStep, ScriptedModel, Test } from '../../src/testing/index.js';
import { CHECKOUT, runExample } from './run-example.js';

const DATA = path.join(CHECKOUT, 'examples/full/data');
const OFFLINE = { OPENAI_BASE_URL: '' };

describe('npm run example -- full', () => {
  it('refunds what the supervisor agrees to, refuses others, takes back a note, and replays itself', async () => {
    const { code, stdout, stderr } = await runExample(['full'], OFFLINE);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const said of [
      'TrackParcel is tried again: The carrier answered 503.',
      'tool write_note has run',
      'asked for by user ann in stage "Solve" of "support": approved',
      'We have refunded 39.00 €',
      'Discard is done',
      'Access to order A-17 is denied: it belongs to another organisation',
      'The run was started without a token',
      'Timeline, ',
      '      run handbook\n        stage LoadPages\n        stage RankPages\n',
      '-Arrived broken, the carrier knows. Refund asked for.\n+Gift wrapped.\n',
      'Replayed from its journal, without a model, a refund or a file: 8 stages were computed again, all came to the same.',
    ]) {
      expect(stdout).toContain(said);
    }
  });

  it('refunds nothing that the supervisor denies, and the answer says so', async () => {
    const { code, stdout } = await runExample(['full', '--deny'], OFFLINE);
    expect(code).toBe(0);
    expect(stdout).toContain('tool refund_order is denied');
    expect(stdout).toContain('A colleague will call you about it.');
    expect(stdout).not.toContain('tool refund_order has run');
    expect(stdout).toContain('all came to the same');
  });
});

describe('the support pipeline, with providers replaced', () => {
  const ann = AuthContext.verified({ userId: 'ann', orgId: 'acme', roles: ['clerk'] });
  const mail = (name: string) => ({ input: { file: path.join(DATA, 'mails', name) } });
  let folder: string;
  let database: SqlDatabase;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'stageflow-full-'));
    database = openSqlite(':memory:');
  });
  afterEach(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });

  const withModel = (...steps: ModelStep[]) =>
    Test.createPipeline(SupportPipeline, SupportApp)
      .withAuth(ann)
      .overrideProvider(SETTINGS)
      .useValue({
        ...{
          database,
          outboxFolder: folder,
          handbookFolder: path.join(DATA, 'handbook'),
          carrierUrl: 'http://nowhere',
        },
        model: new ScriptedModel(steps),
      })
      .overrideProvider(Carrier)
      .useValue({ track: async () => ({ status: 'delivered', damaged: false }) });
  const answer = (refundedCents: number) => JSON.stringify({ reply: 'Dear Mia', refundedCents });

  it('enriches side by side, answers, and writes the answer', async () => {
    await using desk = await withModel(answer(0)).compile();
    const run = await desk.record(mail('broken-kettle.txt'));
    expectRun(run).toHaveCompleted(SendAnswer);
    expectRun(run).toHaveStartedAfter(TrackParcel, FindOrder);
    expect(run.outcome.results.of(SearchHandbook).pages.map(({ name }) => name)).toEqual(['returns']);
    expect(run.outcome.results.of(TrackParcel)).toEqual({ report: { status: 'delivered', damaged: false } });
    expect(await readdir(folder)).toEqual([`answer-${run.outcome.results.runId}.txt`]);
  });

  it('sends no answer that promises a refund which was not made', async () => {
    const refund = { tool: 'refund_order', input: { orderId: 'A-17', cents: 3900 } };
    await using desk = await withModel({ calls: [refund] }, answer(3900)).compile();
    const { outcome } = await desk.record(mail('broken-kettle.txt')); // the clerk may not refund, and nobody can approve
    expect(outcome.results.of(Solve).calls).toMatchObject([{ tool: 'refund_order', status: 'denied' }]);
    expect(outcome.results.stage(AnswerGuard).reason).toContain('promises a refund');
    expect(outcome.results.stage(SendAnswer).status).toBe('not-started');
    expect(await readdir(folder)).toEqual([]);
  });

  it('asks no model about a mail that is discarded', async () => {
    await using desk = await withModel().compile();
    const { outcome } = await desk.record(mail('lottery.txt'));
    expect(outcome.status).toBe('completed');
    expect(outcome.results.of(Discard)).toEqual({ discarded: 'You are a winner' });
  });

  it('shows no order to a clerk of another organisation', async () => {
    await using desk = await withModel().compile();
    const auth = AuthContext.verified({ userId: 'eve', orgId: 'umbrella', roles: ['clerk'] });
    const { outcome } = await desk.record({ ...mail('broken-kettle.txt'), auth });
    expect(outcome.results.stage(FindOrder).failure?.code).toBe('TENANT_ACCESS_DENIED');
  });
});
