/* What a call has to pass before its handler, and what its output has to keep. Each throws what the call ends with. */
import { accessDenied, decideAccess } from '../auth/index.js';
import { type Contract, contractViolation } from '../contracts/index.js';
import type { ToolCall } from './tool-call.js';
import { ToolDeniedError, ToolFailedError } from './tool-errors.js';
import { untilAborted } from './until-aborted.js';

/** @throws ToolDeniedError outside the modes of the tool */
export function checkMode(call: ToolCall): void {
  const { behaviors } = call.tool.spec;
  if (behaviors.length > 0 && !behaviors.includes(call.host.mode as string)) throw wrongMode(call);
}

/** @throws ToolDeniedError if the tool itself says that it cannot be called */
export function checkReady({ tool, callId }: ToolCall): void {
  const refusal = tool.refuses?.() ?? null;
  if (refusal !== null) throw new ToolDeniedError(tool.spec.name, callId, refusal);
}

/** @throws ToolDeniedError, or the reason of the signal if a policy has not decided when it aborts */
export async function checkAccess({ tool, callId, host }: ToolCall, given: unknown): Promise<void> {
  const { auth, org } = host.ctx;
  const subject = `tool "${tool.spec.name}"`;
  const asked = decideAccess(tool.access, { auth, org, subject, resource: given });
  const decision = asked instanceof Promise ? await untilAborted(asked, host.ctx.signal) : asked;
  if (decision.allowed) return;
  const cause = accessDenied(decision, subject);
  const fix = 'Call it for somebody who may use it.';
  const message = cause.summary.replace(/\.$/, '');
  throw new ToolDeniedError(tool.spec.name, callId, { reason: 'access', message, fix, cause });
}

/** @returns the value itself where the contract answers at once @throws ToolFailedError */
export function checked(contract: Contract, value: unknown, call: ToolCall, side: 'input' | 'output'): unknown {
  const result = contract.check(value);
  const read = (settled: Awaited<typeof result>) => {
    if (settled.ok) return settled.value;
    const { spec } = call.tool;
    const cause = contractViolation({
      contract,
      subject: `the ${side} of tool "${spec.name}"`,
      issues: settled.issues,
    });
    const code = side === 'input' ? 'TOOL_INPUT_INVALID' : 'TOOL_OUTPUT_INVALID';
    const fix =
      side === 'input' ? 'The handler was not called.' : 'What the handler did stays done; correct what it returns.';
    throw new ToolFailedError({ code, message: cause.summary, fix, cause, tool: spec.name, callId: call.callId });
  };
  return result instanceof Promise ? result.then(read) : read(result);
}

function wrongMode({ tool, callId, host }: ToolCall): ToolDeniedError {
  const allowed = tool.spec.behaviors.join('", "');
  const mode = host.mode === null ? 'the run has no mode' : `the run has mode "${host.mode}"`;
  const message = `it is for mode "${allowed}", and ${mode}`;
  return new ToolDeniedError(tool.spec.name, callId, {
    reason: 'mode',
    message,
    fix: 'Set toolMode, or leave the tool.',
  });
}
