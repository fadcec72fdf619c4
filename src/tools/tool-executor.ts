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
import { StageflowError } from '../errors/index.js';
import { messageOf, type StageContext } from '../stage/index.js';
import { ask, needsApproval } from './ask-approval.js';
import { checkAccess, checked, checkMode, checkReady } from './call-gates.js';
import { identityOf, mayNotRepeat, noted, recall, unknownOutcome } from './call-records.js';
import type { ToolDefinition } from './define-tool.js';
import { exclusiveKey } from './exclusive-key.js';
import { inputDigest } from './fingerprint.js';
import { callLayered } from './layered.js';
import type { ToolCallLog, ToolServices } from './ports.js';
import { hideInput, shownInput, type ToolCall } from './tool-call.js';
import { ToolCallContext } from './tool-call-context.js';
import { ToolCancelledError, ToolDeniedError, ToolError, ToolFailedError } from './tool-errors.js';
import { KeyedLocks, Turnstile } from './turnstile.js';
import { openUndo } from './undo-keeping.js';

/** Calls tools. Holds what calls share (limits, locks, services) and nothing of any call. */
export class ToolExecutor {
  readonly #services: ToolServices;
  readonly #all: Turnstile | null;
  readonly #limits = new WeakMap<ToolDefinition, Turnstile>();
  readonly #locks = new KeyedLocks();

  /** @throws RUN_INPUT_INVALID if maxConcurrency is no whole number from 1 */
  constructor(services: ToolServices = {}) {
    const { maxConcurrency = Number.POSITIVE_INFINITY } = services;
    this.#services = services;
    this.#all = maxConcurrency === Number.POSITIVE_INFINITY ? null : new Turnstile(wholeNumber(maxConcurrency));
  }

  /** The tools of a pipeline, before any is called. */
  introduce(tools: readonly ToolDefinition[]): void {
    this.#services.undo?.learn?.(
      tools.flatMap(({ spec: { name }, key, undo }) => (undo === null ? [] : [{ name, key, undo }])),
    );
  }

  /** @throws ToolDeniedError, ToolFailedError or ToolCancelledError, and nothing else */
  async execute(call: ToolCall): Promise<unknown> {
    const { tool, callId, host } = call;
    const { name } = tool.spec;
    const startedAt = host.listening ? host.ctx.clock.now() : 0;
    if (host.listening) {
      const invoked = { type: 'tool.invoked', tool: name, callId } as const;
      host.report(host.tellsArguments ? { ...invoked, arguments: shownInput(call) } : invoked);
    }
    try {
      const output = await this.#gated(call);
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

  async #gated(call: ToolCall): Promise<unknown> {
    const { tool, host, input: given } = call;
    if (host.ctx.cancelled) throw host.ctx.signal.reason;
    checkMode(call);
    if (tool.access.length > 0) await checkAccess(call, given);
    const input = await checked(tool.input, given, call, 'input');
    const calls = this.#logOf(call);
    // Before anybody is asked: what has been done needs no approval any more.
    const known = calls === null ? null : await recall(calls, call, input);
    if (known?.status === 'completed') return known.output;
    if (known !== null && mayNotRepeat(tool)) throw unknownOutcome(call);
    checkReady(call);
    const edited = needsApproval(tool.spec) ? await ask(call, input, this.#services.approvals, calls) : undefined;
    const approved = edited === undefined ? input : await checked(tool.input, edited.input, call, 'input');
    call.input = approved;
    call.edited = edited !== undefined;
    if (calls === null) return this.#limited(call, approved);
    const identity = identityOf(call);
    await calls.started({ ...identity, tool: tool.spec.name, inputDigest: inputDigest(input) });
    try {
      const output = await this.#limited(call, approved);
      await noted(call, 'its result', () => calls.finished(identity, { ok: true, output }));
      return output;
    } catch (error) {
      // It may have taken effect all the same: then it stays in flight, and is not made again by itself.
      if (!(call.acted && mayNotRepeat(tool)))
        await noted(call, 'its failure', () => calls.finished(identity, { ok: false }));
      throw error;
    }
  }

  async #limited(call: ToolCall, input: unknown): Promise<unknown> {
    const { tool, host } = call;
    const key = tool.exclusive === null ? null : exclusiveKey(tool.exclusive, input, host.ctx);
    const limit = tool.concurrency === Number.POSITIVE_INFINITY ? null : this.#limitOf(tool);
    if (key === null && limit === null && this.#all === null) return this.#called(call, input);
    const signal = () => host.ctx.signal;
    // Always in this order, and what others may be waiting for comes last, so that no place is held by who only waits.
    if (key !== null) await this.#locks.enter(key, signal);
    try {
      if (limit !== null) await limit.enter(signal);
      try {
        return await (this.#all === null ? this.#called(call, input) : this.#admitted(call, input, this.#all));
      } finally {
        limit?.leave();
      }
    } finally {
      if (key !== null) this.#locks.leave(key);
    }
  }

  async #admitted(call: ToolCall, input: unknown, all: Turnstile): Promise<unknown> {
    await all.enter(() => call.host.ctx.signal);
    try {
      return await this.#called(call, input);
    } finally {
      all.leave();
    }
  }

  /** Within locks and limits, which a call keeps while it is tried again. */
  #called(call: ToolCall, input: unknown): Promise<unknown> {
    const { onion } = call.tool;
    if (onion === null) return this.#tried(call, input, call.host.ctx);
    return callLayered(call, onion, (ctx) => this.#tried(call, input, ctx));
  }

  #tried(call: ToolCall, input: unknown, within: StageContext): Promise<unknown> {
    const handled = this.#handle(call, input, within);
    return this.#logOf(call) === null ? handled : watched(call, handled, within);
  }

  /** The run's own comes first: it is what the run is resumed from. */
  #logOf({ host }: ToolCall): ToolCallLog | null {
    return host.calls ?? this.#services.calls ?? null;
  }

  async #handle(call: ToolCall, input: unknown, within: StageContext): Promise<unknown> {
    const { tool, callId, host } = call;
    const { name, timeoutMs } = tool.spec;
    if (within.cancelled) throw within.signal.reason; // while it waited
    if (host.listening) host.report({ type: 'tool.started', tool: name, callId });
    const opening = openUndo(call, input, this.#services.undo);
    const kept = opening === null ? null : await opening;
    let context: ToolCallContext | null = null;
    const handler = (ctx: StageContext) => {
      context = new ToolCallContext(call, input, ctx);
      call.entered = true;
      return tool.execute(input, context);
    };
    let raw: unknown;
    try {
      raw = timeoutMs === null ? await handler(within) : await within.withTimeout(timeoutMs, handler);
    } catch (error) {
      if (kept !== null) await kept.failed(context);
      throw error;
    }
    if (kept !== null) await kept.completed(context, raw);
    return tool.output === null ? raw : checked(tool.output, raw, call, 'output');
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

function wholeNumber(maxConcurrency: number): number {
  if (Number.isSafeInteger(maxConcurrency) && maxConcurrency > 0) return maxConcurrency;
  throw new StageflowError({
    code: 'RUN_INPUT_INVALID',
    message: `toolServices.maxConcurrency is ${String(maxConcurrency)}.`,
    fix: 'Give a whole number, at least 1, or leave it out for no limit.',
    details: { maxConcurrency },
  });
}

/** Notes whether the handler may have done what it is there for: one that throws by itself says that it has not. */
async function watched(call: ToolCall, handled: Promise<unknown>, within: StageContext): Promise<unknown> {
  try {
    const output = await handled;
    call.acted = true;
    return output;
  } catch (error) {
    const wasStopped = within.cancelled || (error instanceof StageflowError && error.code === 'STAGE_TIMEOUT');
    if (call.entered && (wasStopped || error instanceof ToolError)) call.acted = true;
    throw error;
  }
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

function reportEnding(call: ToolCall, error: ToolError): void {
  const { callId, host, tool } = call;
  hideInput(call);
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
