/* What the example shows, told line by line. */
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PipelineRun, RunOutcome } from 'stageflow';
import type { ModelProvider } from 'stageflow/agents';
import { summariseApproval } from 'stageflow/approvals';
import { diffText } from 'stageflow/diff';
import { openSqlite } from 'stageflow/sqlite';
import { renderTimeline } from '../support/timeline.js';
import { lineOf } from './console/progress.js';
import { spanTree } from './console/spans.js';
import { startCarrierServer } from './local/carrier-server.js';
import { type Issuer, openIssuer } from './local/issuer.js';
import { Outbox } from './services/outbox.js';
import { SendAnswer } from './stages/send-answer.js';
import { SupportDesk } from './support-desk.js';

export interface StoryOptions {
  /** Whether the supervisor agrees to the refund. */
  readonly approve: boolean;
  readonly say: (line: string) => void;
  readonly model: ModelProvider;
}

const DATA = path.join(import.meta.dirname, 'data');
const NOTE = 'note-A-17.txt';

/** @returns how the first mail ended */
export async function tellStory(options: StoryOptions): Promise<RunOutcome> {
  const open: Open[] = [];
  try {
    return await story(options, open);
  } finally {
    for (const each of open.reverse()) await each.close();
  }
}

/** Something that has to be closed, the last one first. */
interface Open {
  close(): Promise<void>;
}

async function story({ approve, say, model }: StoryOptions, open: Open[]): Promise<RunOutcome> {
  const opened = <T extends Open>(what: T): T => {
    open.push(what);
    return what;
  };
  const folder = await mkdtemp(path.join(tmpdir(), 'stageflow-support-'));
  const carrier = opened(await startCarrierServer());
  const database = opened(openSqlite(path.join(folder, 'desk.db')));
  const outboxFolder = path.join(folder, 'outbox');
  await prepareOutbox(outboxFolder);
  const issuer = await openIssuer();
  const given = {
    ...{ database, outboxFolder, handbookFolder: path.join(DATA, 'handbook'), carrierUrl: carrier.url },
    model,
  };
  const desk = opened(await SupportDesk.open(given, issuer));
  say(`Files and database: ${folder}`);
  const teller = new Teller(desk, issuer, new Outbox(outboxFolder), say);
  const outcome = await teller.refund(approve);
  await teller.others();
  teller.lookBack(outcome);
  await teller.takeBack();
  await teller.replay(outcome);
  return outcome;
}

async function prepareOutbox(folder: string): Promise<void> {
  await mkdir(folder);
  await copyFile(path.join(DATA, 'note-A-17.txt'), path.join(folder, NOTE));
}

class Teller {
  constructor(
    private readonly desk: SupportDesk,
    private readonly issuer: Issuer,
    private readonly outbox: Outbox,
    private readonly say: (line: string) => void,
  ) {}

  async refund(approve: boolean): Promise<RunOutcome> {
    this.say('\nA mail about a broken kettle, for clerk Ann of acme:');
    const run = this.desk.solve(path.join(DATA, 'mails/broken-kettle.txt'), await this.#ann());
    const outcome = await this.#watch(run, approve);
    if (outcome.status === 'completed') this.say(`The answer:\n  ${outcome.results.of(SendAnswer).reply}`);
    return outcome;
  }

  async others(): Promise<void> {
    this.say('\nA mail that is no customer:');
    await this.#watch(this.desk.solve(path.join(DATA, 'mails/lottery.txt'), await this.#ann()), false);
    this.say('\nThe mail about the kettle, for a clerk of another organisation, and for nobody:');
    const eve = await this.issuer.tokenOf({ sub: 'eve', org_id: 'umbrella', roles: ['clerk'] });
    for (const token of [eve, undefined]) {
      const { status, ...rest } = await this.desk.solve(path.join(DATA, 'mails/broken-kettle.txt'), token).result;
      this.say(`  ${status}: ${'error' in rest ? rest.error.message.split('. ')[0] : ''}`);
    }
  }

  lookBack({ results }: RunOutcome): void {
    this.say(`\n${renderTimeline(results.stages)}`);
    const spans = this.desk.spans.getFinishedSpans();
    const [first] = spans.filter(({ name }) => name.startsWith('run support')); // the first to end is the first mail
    const traceId = first?.spanContext().traceId;
    this.say(`\nTrace of it:\n${spanTree(spans.filter((span) => span.spanContext().traceId === traceId))}`);
  }

  async takeBack(): Promise<void> {
    const before = (await this.outbox.read(NOTE)) ?? '';
    const [entry] = this.#noteCalls;
    if (entry === undefined) return;
    await this.desk.undo.undo(entry, { ...(await this.desk.verifier.verify(await this.#ann())) });
    const after = (await this.outbox.read(NOTE)) ?? '';
    this.say(`\nAnn takes back the note:\n${diffText(before, after, { name: NOTE }).patch.trimEnd()}`);
  }

  async replay(outcome: RunOutcome): Promise<void> {
    const { divergence, same } = await this.desk.replay(outcome.results.runId, 'acme');
    const what = divergence === null ? 'all came to the same' : `"${divergence.stage}" came to something else`;
    this.say(
      `\nReplayed from its journal, without a model, a refund or a file: ${same} stages were computed again, ${what}.`,
    );
  }

  readonly #noteCalls: string[] = [];

  async #watch(run: PipelineRun, approve: boolean): Promise<RunOutcome> {
    for await (const event of run.events) {
      const line = lineOf(event);
      if (line !== null) this.say(`  ${line}`);
      if (event.type === 'tool.completed' && event.tool === 'write_note') this.#noteCalls.push(event.callId);
      if (event.type === 'approval.requested') await this.#decide(event.requestId, approve);
    }
    return run.result;
  }

  async #decide(requestId: string, approve: boolean): Promise<void> {
    const sam = await this.issuer.tokenOf({ sub: 'sam', org_id: 'acme', roles: ['supervisor'] });
    const by = await this.desk.verifier.verify(sam);
    const decided = approve
      ? await this.desk.approvals.approve(requestId, by, 'the carrier has reported it')
      : await this.desk.approvals.deny(requestId, by, 'call the customer first');
    for (const line of summariseApproval(decided).trimEnd().split('\n')) this.say(`    ${line}`);
  }

  #ann(): Promise<string> {
    return this.issuer.tokenOf({ sub: 'ann', org_id: 'acme', roles: ['clerk'], scope: 'refunds:write' });
  }
}
