import { StageflowError } from '../errors/index.js';
import { messageOf, ToolEffect, type ToolSpec } from '../stage/index.js';
import { identityOf } from './call-records.js';
import { inputDigest, toolFingerprint } from './fingerprint.js';
import type { ApprovalGate, ApprovalOutcome, GatedCall, ToolCallLog } from './ports.js';
import type { ToolCall } from './tool-call.js';
import { ToolCancelledError, ToolDeniedError } from './tool-errors.js';
import { untilAborted } from './until-aborted.js';

/** Whether a call of the tool needs somebody's approval. */
export function needsApproval({ approval, effect }: ToolSpec): boolean {
  return approval === 'required' || (approval === 'by-effect' && effect === ToolEffect.Irreversible);
}

/**
 * Waits until somebody has decided. Only `approved` lets the call go on.
 * @returns the input as the approver edited it; undefined if they left it as it is
 * @throws ToolDeniedError or ToolCancelledError
 */
export async function ask(
  call: ToolCall,
  input: unknown,
  gate: ApprovalGate | undefined,
  calls: ToolCallLog | null,
): Promise<{ readonly input: unknown } | undefined> {
  const { name } = call.tool.spec;
  const { host } = call;
  const { signal } = host.ctx;
  if (gate === undefined) throw refusal(call, 'missing', 'it needs an approval, and nobody can give one', null);
  let outcome: ApprovalOutcome;
  try {
    const neverStarted = (await calls?.wasStarted?.(identityOf(call))) === false;
    // The call ends with its run at once; the run waits until the request is closed, so that nobody is asked for nothing.
    outcome = await untilAborted(host.outlives(gate.request(gatedCall(call, input, neverStarted), signal)), signal);
  } catch (error) {
    if (signal.aborted) throw new ToolCancelledError(name, call.callId, signal.reason);
    const why = error instanceof StageflowError ? error.summary : messageOf(error);
    throw refusal(call, 'missing', `the approval could not be asked for: ${why}`, null, error);
  }
  if (outcome.status === 'approved') return 'input' in outcome ? { input: outcome.input } : undefined;
  if (outcome.status === 'cancelled') throw new ToolCancelledError(name, call.callId, outcome.reason);
  throw refusal(call, outcome.status === 'expired' ? 'expired' : 'denied', outcome.reason, outcome.requestId);
}

function gatedCall({ tool, callId, callKey, host }: ToolCall, input: unknown, neverStarted: boolean): GatedCall {
  const { runId, pipeline, stage, auth, org } = host.ctx;
  const { name, effect, description } = tool.spec;
  return {
    runId,
    callId,
    callKey,
    pipeline,
    stage: stage.name,
    tool: { name, effect, description },
    toolFingerprint: toolFingerprint(tool),
    input,
    inputDigest: inputDigest(input),
    ...(neverStarted ? { neverStarted } : {}),
    auth,
    org,
    resumable: host.calls !== null,
    ...(host.listening ? { emit: (event) => host.report(event) } : {}),
  };
}

function refusal(call: ToolCall, why: string, message: string, requestId: string | null, cause?: unknown): Error {
  const fix = fixOf(why, cause);
  const facts = { reason: `approval-${why}`, message, fix, ...(requestId === null ? {} : { requestId }), cause };
  return new ToolDeniedError(call.tool.spec.name, call.callId, facts);
}

/** What failed when it was asked for knows best. */
function fixOf(why: string, cause: unknown): string {
  if (cause instanceof StageflowError && cause.fix !== undefined) return cause.fix;
  return why === 'missing'
    ? 'Configure approvals, or give the tool approval: never.'
    : 'Ask again if it is still wanted.';
}
