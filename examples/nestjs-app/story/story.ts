import type { Answer, Client } from './client.js';
import type { ServerEvent } from './server-events.js';

export interface Cast {
  readonly ann: Client;
  readonly tom: Client;
  readonly eve: Client;
  readonly stranger: Client;
}
type Tell = (line: string) => void;

const MAY = { slug: 'may', title: 'May', text: 'It  is spring.' };

/** @returns the run that waits for an approval */
export async function beforeTheRestart({ ann, tom, eve, stranger }: Cast, tell: Tell): Promise<string> {
  tell(`Somebody without a token: ${(await stranger.get('/mail')).status}.`);
  const accepted = await ann.post('/editions', MAY);
  const { runId } = accepted.body;
  tell(`Ann hands in the edition of May: ${accepted.status}.`);
  await follow(ann, runId, tell, { until: 'approval.requested' });
  const id = await requestOf(runId, tom);
  tell(`Ann may not approve what she asked for: ${why(await ann.post(`/approvals/${id}/approve`))}.`);
  tell(`Eve, of another house, learns of nothing: ${why(await eve.get(`/runs/${runId}`))}.`);
  return runId;
}

export async function afterTheRestart({ ann, tom }: Cast, runId: string, tell: Tell): Promise<void> {
  tell(`The run of Ann: ${(await ann.get(`/runs/${runId}`)).body.status}.`);
  const approved = await tom.post(`/approvals/${await requestOf(runId, tom)}/approve`);
  tell(`Tom lets it out: ${approved.body.status}.`);
  await follow(ann, runId, tell);
  const mail: { address: string }[] = (await ann.get('/mail')).body;
  tell(`Mailed to ${mail.map(({ address }) => address).join(' and ')}.`);

  const again = (await ann.post('/editions', { ...MAY, text: 'Buy now!' })).body.runId;
  tell('Ann hands in another text.');
  const seen = await follow(ann, again, tell, { until: 'approval.requested' });
  await tom.post(`/approvals/${await requestOf(again, tom)}/deny`, { reason: 'too loud' });
  tell('Tom does not let it out: too loud.');
  await follow(ann, again, tell, { after: seen });
  tell(`The text is "${(await ann.get('/editions/may')).body.text}"`);
  const { undone } = (await ann.post(`/runs/${again}/undo`)).body;
  tell(`Ann takes it back: ${undone.map(({ tool }: { tool: string }) => tool).join()} is undone.`);
  tell(`The text is "${(await ann.get('/editions/may')).body.text}"`);
}

interface Part {
  /** The id of the last event that was seen. */
  readonly after?: string;
  /** The type of the event that is waited for. Default: the last one. */
  readonly until?: string;
}

/** Tells what happens in a run. @returns the id of the last event it has told */
async function follow(client: Client, runId: string, tell: Tell, { after, until }: Part = {}): Promise<string> {
  let last = after ?? '';
  for await (const event of client.watch(runId, after)) {
    const line = lineOf(event);
    if (line !== null) tell(`  ${line}`);
    last = event.id;
    if (event.type === until) break;
  }
  return last;
}

function lineOf({ type, data }: ServerEvent): string | null {
  if (type === 'stage.progress') return `${data.stage}: ${data.note}`;
  if (type === 'tool.completed') return `${data.tool} is done`;
  if (type === 'approval.requested') return `${data.tool} waits for somebody's approval`;
  if (type === 'approval.decided') return `${data.tool} is ${data.status} by ${data.decidedBy}`;
  if (type === 'pipeline.failed') return `the run has failed: ${data.error.code}`;
  return type === 'pipeline.completed' ? 'the run is completed' : null;
}

async function requestOf(runId: string, approver: Client): Promise<string> {
  const requests: { id: string; runId: string }[] = (await approver.get('/approvals')).body.requests;
  const request = requests.find((one) => one.runId === runId);
  if (request === undefined) throw new Error(`Nothing of run ${runId} waits for an approval.`);
  return request.id;
}

function why({ status, body }: Answer): string {
  return `${status} ${body.code}`;
}
