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
  readonly maxResultChars: number;
  /** Waits until what changes anything may be called. @throws if it never may */
  readonly cleared: () => Promise<void>;
}

/**
 * Makes the calls of one turn. Those that only read run side by side; one that changes something runs alone, after all that
 * were asked for before it, and before all after it. Never rejects for what a tool did.
 * @throws STAGE_CANCELLED, or why nothing may be called
 */
export async function callTools(asked: readonly ModelCall[], of: TurnOfCalls): Promise<readonly FinishedCall[]> {
  const finished: FinishedCall[] = [];
  for (const group of groupsOf(asked, of.tools)) {
    of.ctx.checkpoint();
    if (!group.isRead) await of.cleared();
    const ids = group.calls.map((call) => of.ids.next(call, of.tools));
    finished.push(...(await Promise.all(group.calls.map((call, index) => callOne(call, ids[index] ?? call.id, of)))));
  }
  of.ctx.checkpoint();
  return finished;
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
  const outcome: ToolOutcome = parsed.resolved
    ? await of.ctx.tools.invoke({ id: callId, name: parsed.name, arguments: parsed.arguments })
    : { status: 'unresolved', id: asked.id, output: null, error: new Error(parsed.reason) };
  const result = resultText(outcome, of.maxResultChars);
  const { name: tool, arguments: given } = asked;
  const call = { turn: of.turn, tool, callId, arguments: given, status: outcome.status, result: result.text };
  return { call, asked, result };
}
