import type { RunOutcome } from 'stageflow';
import { summariseApproval } from 'stageflow/approvals';
import type { Approver } from './approver.js';
import { eventLine } from './console/event-line.js';
import { AGENT, OWNER } from './identities.js';
import type { OpenNotes } from './open-notes.js';

export interface TidyOptions {
  readonly approver: Approver;
  readonly print: (text: string) => void;
  readonly signal?: AbortSignal;
}

const NEVER = new AbortController().signal;

/** Lets the agent work, tells what it does as it does it, and decides where it has to wait. Resolves however it ended. */
export async function tidy(notes: OpenNotes, request: string, options: TidyOptions): Promise<RunOutcome> {
  const { print, signal = NEVER } = options;
  const run = notes.app.start(notes.module, { inputText: request, auth: AGENT }, { signal });
  for await (const event of run.events) {
    const line = eventLine(event);
    if (line !== null) print(line);
    if (event.type === 'approval.requested') await decide(notes, event.requestId, { ...options, signal });
  }
  return run.result;
}

type Waiting = Required<TidyOptions>;

async function decide(
  { approvals }: OpenNotes,
  requestId: string,
  { approver, print, signal }: Waiting,
): Promise<void> {
  const call = summariseApproval(await approvals.get(requestId, { auth: OWNER }));
  print(call.trimEnd().replaceAll(/^/gm, '  '));
  const { approved, reason, auth } = await approver(call, signal);
  if (signal.aborted) return; // The request is closed with the run.
  if (approved) await approvals.approve(requestId, { auth }, reason);
  else await approvals.deny(requestId, { auth }, reason);
}
