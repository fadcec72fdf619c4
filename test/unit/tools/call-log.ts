import type { RecordedCall, ToolCallIdentity, ToolCallLog } from '../../../src/tools/index.js';

/** A call log in memory, as a journal keeps one. */
export class CallLog implements ToolCallLog {
  readonly calls = new Map<string, RecordedCall>();

  async find(call: ToolCallIdentity) {
    return this.calls.get(nameOf(call)) ?? null;
  }

  async started({ inputDigest, ...call }: ToolCallIdentity & { inputDigest: string }) {
    this.calls.set(nameOf(call), { status: 'in-flight', inputDigest });
  }

  async finished(call: ToolCallIdentity, { ok, output }: { ok: boolean; output?: unknown }) {
    const { inputDigest } = this.calls.get(nameOf(call)) as RecordedCall;
    if (ok) this.calls.set(nameOf(call), { status: 'completed', inputDigest, output });
    else this.calls.delete(nameOf(call));
  }
}

function nameOf({ tenant, runId, callKey }: ToolCallIdentity): string {
  return JSON.stringify([tenant, runId, callKey]);
}
