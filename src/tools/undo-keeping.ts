import { noted } from './call-records.js';
import type { UndoLog } from './ports.js';
import type { ToolCall } from './tool-call.js';
import type { ToolCallContext } from './tool-call-context.js';

/** What is kept of one call, for undo. */
class UndoKeeping {
  constructor(
    private readonly call: ToolCall,
    private readonly input: unknown,
    private readonly undo: UndoLog,
    private readonly openedAs: string | undefined,
  ) {}

  /** Before the output is checked: what a handler did does not depend on what it says of it. */
  completed(ctx: ToolCallContext | null, output: unknown): Promise<void> {
    return this.#record(ctx?.undoData, output);
  }

  /**
   * What the handler kept before it failed stays undoable; if it kept nothing, there is nothing to undo. One that was told
   * to stop may be at it still: its entry stays open.
   */
  async failed(ctx: ToolCallContext | null): Promise<void> {
    if (ctx?.kept) return this.#record(ctx.undoData, undefined);
    const { undo, openedAs } = this;
    if (openedAs !== undefined && !ctx?.signal.aborted)
      await noted(this.call, 'what undoes it', () => undo.dropped?.(openedAs));
  }

  #record(data: unknown, output: unknown): Promise<void> {
    const { input, undo, openedAs } = this;
    const { tool, callId, host } = this.call;
    const { auth, org, runId } = host.ctx;
    const record = { runId, callId, tool: tool.spec.name, input, data, output };
    return noted(this.call, 'what undoes it', () => undo.record(record, { auth, org }, openedAs));
  }
}

/** @returns null at once for a call that leaves nothing to undo, or where nobody keeps it */
export function openUndo(call: ToolCall, input: unknown, undo: UndoLog | undefined): Promise<UndoKeeping> | null {
  return undo === undefined || call.tool.undo === null ? null : opened(call, input, undo);
}

async function opened(call: ToolCall, input: unknown, undo: UndoLog): Promise<UndoKeeping> {
  const { tool, callId, host } = call;
  const { auth, org, runId } = host.ctx;
  const openedAs = await undo.opened?.({ runId, callId, tool: tool.spec.name, input }, { auth, org });
  return new UndoKeeping(call, input, undo, openedAs);
}
