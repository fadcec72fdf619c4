/*
 * The one path from a tool call to its handler.
 *
 * Order: mode, access, input, approval, limits and locks, handler within its limit, output, undo record.
 *
 * Invariants
 *  1. The handler is called only if everything before it allowed the call, and only with input that keeps the contract.
 *  2. Every call that was invoked is reported once as completed, failed, denied or cancelled.
 *  3. Whatever was entered is left, however the call ends.
 *  4. What the handler did stays undoable, also if its output is refused or it failed after it had kept something.
 */
import { type AccessDecision, accessDenied, decideAccess } from '../auth/index.js';
import { type Contract, contractViolation } from '../contracts/index.js';
import { StageflowError } from '../errors/index.js';
import { messageOf, type StageContext } from '../stage/index.js';
import { ask, needsApproval } from './ask-approval.js';
import { mayNotRepeat, noted, recall, unknownOutcome } from './call-records.js';
import type { ToolDefinition } from './define-tool.js';
import { exclusiveKey } from './exclusive-key.js';
import { inputDigest } from './fingerprint.js';
import { callLayered } from './layered.js';
import type { ToolServices } from './ports.js';
import type { ToolCall } from './tool-call.js';
import { ToolCallContext } from './tool-call-context.js';
import { ToolCancelledError, ToolDeniedError, ToolError, ToolFailedError } from './tool-errors.js';
import { KeyedLocks, Turnstile } from './turnstile.js';

/** Calls tools. Holds what calls share (limits, locks, services) and nothing of any call. */
export class ToolExecutor {
  readonly #services: ToolServices;
  readonly #limits = new WeakMap<ToolDefinition, Turnstile>();
  readonly #locks = new KeyedLocks();

  constructor(services: ToolServices = {}) {
    this.#services = services;
  }

  /** @throws ToolDeniedError, ToolFailedError or ToolCancelledError, and nothing else */
  async execute(call: ToolCall, given: unknown): Promise<unknown> {
    const { tool, callId, host } = call;
    const { name } = tool.spec;
    const startedAt = host.listening ? host.ctx.clock.now() : 0;
    if (host.listening) host.report({ type: 'tool.invoked', tool: name, callId });
    try {
      const output = await this.#gated(call, given);
      if (host.listening) {
        host.report({ type: 'tool.completed', tool: name, callId, durationMs: host.ctx.clock.now() - startedAt });
      }
      return output;
    } catch (error) {
      const ended = endingOf(call, error);
      if (host.listening) reportEnding(call, ended);
      throw ended;
    }
  }

  async #gated(call: ToolCall, given: unknown): Promise<unknown> {
    const { tool, host } = call;
    const { behaviors } = tool.spec;
    if (host.ctx.cancelled) throw host.ctx.signal.reason;
    if (behaviors.length > 0 && !behaviors.includes(host.mode as string)) throw wrongMode(call);
    if (tool.access.length > 0) await checkAccess(call, given);
    const input = await checked(tool.input, given, call, 'input');
    const { calls } = this.#services;
    // Before anybody is asked: what has been done needs no approval any more.
    const known = calls === undefined ? null : await recall(calls, call, input);
    if (known?.status === 'completed') return known.output;
    if (known !== null && mayNotRepeat(tool)) throw unknownOutcome(call);
    const edited = needsApproval(tool.spec) ? await ask(call, input, this.#services.approvals) : undefined;
    const approved = edited === undefined ? input : await checked(tool.input, edited.input, call, 'input');
    if (calls === undefined) return this.#limited(call, approved);
    await calls.started({ callKey: call.callKey, tool: tool.spec.name, inputDigest: inputDigest(input) });
    try {
      const output = await this.#limited(call, approved);
      await noted(call, 'its result', () => calls.finished(call.callKey, { ok: true, output }));
      return output;
    } catch (error) {
      await noted(call, 'its failure', () => calls.finished(call.callKey, { ok: false }));
      throw error;
    }
  }

  /** Within locks and limits, which a call keeps while it is tried again. */
  #called(call: ToolCall, input: unknown): Promise<unknown> {
    const { onion } = call.tool;
    if (onion === null) return this.#handle(call, input, call.host.ctx);
    return callLayered(call, onion, (ctx) => this.#handle(call, input, ctx));
  }

  async #limited(call: ToolCall, input: unknown): Promise<unknown> {
    const { tool, host } = call;
    const key = tool.exclusive === null ? null : exclusiveKey(tool.exclusive, input, host.ctx);
    const limit = tool.concurrency === Number.POSITIVE_INFINITY ? null : this.#limitOf(tool);
    if (key === null && limit === null) return this.#called(call, input);
    const signal = () => host.ctx.signal;
    if (key !== null) await this.#locks.enter(key, signal);
    try {
      if (limit !== null) await limit.enter(signal);
      try {
        return await this.#called(call, input);
      } finally {
        limit?.leave();
      }
    } finally {
      if (key !== null) this.#locks.leave(key);
    }
  }

  async #handle(call: ToolCall, input: unknown, within: StageContext): Promise<unknown> {
    const { tool, callId, callKey, host } = call;
    const { name, timeoutMs } = tool.spec;
    if (within.cancelled) throw within.signal.reason; // while it waited
    if (host.listening) host.report({ type: 'tool.started', tool: name, callId });
    let context: ToolCallContext | null = null;
    const handler = (ctx: StageContext) => {
      context = new ToolCallContext(name, callId, callKey, ctx, host);
      return tool.execute(input, context);
    };
    let raw: unknown;
    try {
      raw = timeoutMs === null ? await handler(within) : await within.withTimeout(timeoutMs, handler);
    } catch (error) {
      if (tool.undo !== null) await this.#keep(call, input, undefined, context, false);
      throw error;
    }
    if (tool.undo !== null) await this.#keep(call, input, raw, context, true);
    return tool.output === null ? raw : checked(tool.output, raw, call, 'output');
  }

  /** Before the output is checked: what a handler did does not depend on what it says of it. */
  async #keep(
    call: ToolCall,
    input: unknown,
    output: unknown,
    ctx: ToolCallContext | null,
    done: boolean,
  ): Promise<void> {
    const { undo } = this.#services;
    const { tool, callId, host } = call;
    if (undo === undefined || tool.undo === null || ctx === null || !(done || ctx.kept)) return;
    const { auth, org, runId } = host.ctx;
    const record = { runId, callId, tool: tool.spec.name, input, data: ctx.undoData, output };
    await noted(call, 'what undoes it', () => undo.record(record, { auth, org }));
  }

  #limitOf(tool: ToolDefinition): Turnstile {
    let limit = this.#limits.get(tool);
    if (limit === undefined) {
      limit = new Turnstile(tool.concurrency);
      this.#limits.set(tool, limit);
    }
    return limit;
  }
}

async function checkAccess({ tool, callId, host }: ToolCall, given: unknown): Promise<void> {
  const { auth, org } = host.ctx;
  const subject = `tool "${tool.spec.name}"`;
  const decision: AccessDecision = await decideAccess(tool.access, { auth, org, subject, resource: given });
  if (decision.allowed) return;
  const cause = accessDenied(decision, subject);
  const fix = 'Call it for somebody who may use it.';
  const message = cause.summary.replace(/\.$/, '');
  throw new ToolDeniedError(tool.spec.name, callId, { reason: 'access', message, fix, cause });
}

/** @returns the value itself where the contract answers at once */
function checked(contract: Contract, value: unknown, call: ToolCall, side: 'input' | 'output'): unknown {
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

/** What a call that has no output ends with. */
function endingOf({ tool, callId, host }: ToolCall, error: unknown): ToolError {
  if (error instanceof ToolCancelledError || error instanceof ToolDeniedError) return error;
  const { name, timeoutMs } = tool.spec;
  if (host.ctx.cancelled) return new ToolCancelledError(name, callId, error);
  if (error instanceof ToolError) return error;
  const retryable = !mayNotRepeat(tool);
  if (timeoutMs !== null && error instanceof StageflowError && error.code === 'STAGE_TIMEOUT') {
    const message = `Tool "${name}" took longer than ${timeoutMs} ms.`;
    const fix = 'Raise timeoutMs, or make the handler heed ctx.signal.';
    return new ToolFailedError({ code: 'TOOL_TIMEOUT', message, fix, cause: error, tool: name, callId, retryable });
  }
  const message = `Tool "${name}" failed: ${messageOf(error)}`;
  return new ToolFailedError({ code: 'TOOL_FAILED', message, cause: error, tool: name, callId, retryable });
}

function reportEnding({ callId, host, tool }: ToolCall, error: ToolError): void {
  const base = { tool: tool.spec.name, callId };
  if (error instanceof ToolDeniedError) {
    const { reason, requestId, summary: message } = error;
    host.report({ type: 'tool.denied', ...base, reason, requestId, message });
  } else if (error instanceof ToolCancelledError) {
    host.report({ type: 'tool.cancelled', ...base, reason: messageOf(error.cause) });
  } else {
    const { code, summary: message, retryable } = error;
    const { category } = host.ctx.classify({ error, code, retryable, hint: null });
    host.report({ type: 'tool.failed', ...base, error: { code, message, category, retryable } });
  }
}
