import { StageflowError } from '../errors/index.js';
import { type StageContext, type StageOutput, StageStatus } from '../stage/index.js';
import { hideInput, type ToolCall } from './tool-call.js';
import { ToolDeniedError } from './tool-errors.js';
import { type LayeredCall, ToolLayerContext } from './tool-layer-context.js';
import type { ToolOnion } from './tool-onion.js';

/** Calls a tool through what is around it. @throws what the handler threw, and ToolDeniedError for a refusal of security */
export async function callLayered(
  called: ToolCall,
  onion: ToolOnion,
  run: (ctx: StageContext) => Promise<unknown>,
): Promise<unknown> {
  const { tool, callId, host } = called;
  const startedAt = host.ctx.clock.now();
  const call: LayeredCall = {
    tool: tool.spec,
    callId,
    host,
    startedAt,
    attempts: 0,
    refusal: null,
    run,
    hide: () => hideInput(called),
  };
  const output = await onion(new ToolLayerContext(call, host.ctx));
  if (call.refusal !== null) throw refused(tool.spec.name, callId, call.refusal);
  if (output.status === StageStatus.Ok) return (output.data as { readonly output?: unknown }).output;
  throw output.failure === null ? noOutput(tool.spec.name, output) : output.failure.error;
}

function refused(tool: string, callId: string, { reason, failure }: StageOutput): ToolDeniedError {
  const message = (reason ?? 'an interceptor refused it').replace(/\.$/, '');
  return new ToolDeniedError(tool, callId, {
    reason: 'guard',
    message,
    fix: 'See the cause: what guards the tool says why.',
    cause: failure?.error,
  });
}

function noOutput(tool: string, { status, reason }: StageOutput): StageflowError {
  return new StageflowError({
    code: 'INTERCEPTOR_RESULT_INVALID',
    message: `An interceptor ended tool "${tool}" as ${status}${reason === null ? '' : ` (${reason})`}.`,
    fix: 'Around tools give ok with { output }, or fail.',
    details: { tool, status },
  });
}
