/* What is kept of calls, and what follows from it. */
import { messageOf, ToolEffect } from '../stage/index.js';
import type { ToolDefinition } from './define-tool.js';
import { inputDigest } from './fingerprint.js';
import type { RecordedCall, ToolCallIdentity, ToolCallLog } from './ports.js';
import { hideInput, type ToolCall } from './tool-call.js';
import { ToolFailedError } from './tool-errors.js';

/** A log is shared by all runs: what one run did is no answer to another. */
export function identityOf({ callKey, host }: ToolCall): ToolCallIdentity {
  const { runId, org } = host.ctx;
  return { tenant: org.tenantId, runId, callKey };
}

/** What is known of the call; one of the same id with another input is not this call. */
export async function recall(calls: ToolCallLog, call: ToolCall, input: unknown): Promise<RecordedCall | null> {
  const known = await calls.find(identityOf(call));
  if (known === null || known.inputDigest === inputDigest(input)) return known;
  const { name } = call.tool.spec;
  throw new ToolFailedError({
    code: 'TOOL_CALL_REUSED',
    message: `Call "${call.callId}" of tool "${name}" was made before with another input.`,
    fix: 'Give every call an id of its own.',
    tool: name,
    callId: call.callId,
  });
}

/** A record that cannot be written does not change what the call has done: that it is missing is logged and reported. */
export async function noted(call: ToolCall, what: string, write: () => void | Promise<void>): Promise<void> {
  const { tool, callId, host } = call;
  try {
    await write();
  } catch (error) {
    const message = messageOf(error);
    hideInput(call);
    host.ctx.logger.error(`Tool "${tool.spec.name}" has run, but ${what} could not be kept.`, {
      callId,
      error: message,
    });
    if (host.listening) host.report({ type: 'tool.record_failed', tool: tool.spec.name, callId, what, message });
  }
}

/** Nobody knows how far such a call got: it is not made again by itself. */
export function mayNotRepeat({ spec: { effect } }: ToolDefinition): boolean {
  return effect === ToolEffect.Irreversible || effect === ToolEffect.Reversible;
}

export function unknownOutcome({ tool, callId }: ToolCall): ToolFailedError {
  const { name } = tool.spec;
  const message = `Tool "${name}" was called before the run was interrupted; whether it took effect is unknown.`;
  const fix = 'Find out, and go on by hand: it is not called twice.';
  return new ToolFailedError({ code: 'TOOL_OUTCOME_UNKNOWN', message, fix, tool: name, callId });
}
