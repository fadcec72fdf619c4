import type { StageContext, ToolOutcome } from '../../stage/index.js';
import type { ModelCall } from '../model/index.js';
import type { AgentCall } from './agent-result.js';
import type { CallIds } from './call-ids.js';
import { type ResultText, resultText } from './result-text.js';
import type { Toolset } from './toolset.js';

/** A call that is over: for the result of the agent, and for the model. */
export interface FinishedCall {
  readonly call: AgentCall;
  readonly asked: ModelCall;
  readonly result: ResultText;
}

interface TurnOfCalls {
  readonly ctx: StageContext;
  readonly tools: Toolset;
  readonly turn: number;
  readonly ids: CallIds;
  readonly maxCalls: number;
  readonly maxResultChars: number;
  /** Waits until what changes anything may be called. @throws if it never may */
  readonly cleared: () => Promise<void>;
  /** Told of each call, in the order they were asked for, also if the turn is broken off after it. */
  readonly done: (finished: FinishedCall) => void;
}

/**
 * Makes the calls of one turn. Those that only read run side by side; one that changes something runs alone, after all that
 * were asked for before it, and before all after it. Never rejects for what a tool did.
 * @throws STAGE_CANCELLED, or why nothing may be called
 */
export async function callTools(asked: readonly ModelCall[], of: TurnOfCalls): Promise<void> {
  for (const group of groupsOf(asked.slice(0, of.maxCalls), of.tools)) {
    of.ctx.checkpoint();
    if (!group.isRead) await of.cleared();
    const ids = group.calls.map((call) => of.ids.next(call, of.tools));
    const finished = await Promise.all(group.calls.map((call, index) => callOne(call, ids[index] ?? call.id, of)));
    for (const one of finished) of.done(one);
  }
  const reason = `Only ${of.maxCalls} calls are made in one turn. Ask again for this one if it is still needed.`;
  for (const call of asked.slice(of.maxCalls)) of.done(ended(call, call.id, unresolved(call, reason), of));
  of.ctx.checkpoint();
}

interface CallGroup {
  readonly isRead: boolean;
  readonly calls: ModelCall[];
}

function groupsOf(asked: readonly ModelCall[], tools: Toolset): readonly CallGroup[] {
  const groups: CallGroup[] = [];
  for (const call of asked) {
    // What leads nowhere changes nothing.
    const isRead = tools.isRead(call.name) || !tools.resolve(call).resolved;
    const last = groups.at(-1);
    if (isRead && last?.isRead) last.calls.push(call);
    else groups.push({ isRead, calls: [call] });
  }
  return groups;
}

async function callOne(asked: ModelCall, callId: string, of: TurnOfCalls): Promise<FinishedCall> {
  const parsed = of.tools.resolve(asked);
  if (!parsed.resolved) return ended(asked, callId, unresolved(asked, parsed.reason), of);
  const request = { id: callId, name: parsed.name, arguments: parsed.arguments };
  return ended(asked, callId, await of.ctx.tools.invoke(request), of);
}

function unresolved({ id }: ModelCall, reason: string): ToolOutcome {
  return { status: 'unresolved', id, output: null, error: new Error(reason) };
}

function ended(asked: ModelCall, callId: string, outcome: ToolOutcome, of: TurnOfCalls): FinishedCall {
  const result = resultText(outcome, of.maxResultChars);
  const { name: tool, arguments: given } = asked;
  const call = { turn: of.turn, tool, callId, arguments: given, status: outcome.status, result: result.text };
  return { call, asked, result };
}
