import type { RecordedCall, ToolCallIdentity, ToolCallLog } from '../tools/index.js';
import type { RunHistory } from './run-history.js';
import { stored } from './stored-data.js';
import type { CallWriter } from './writer-host.js';

/**
 * The tool calls of one run: what was called before an interruption is answered from the journal. The key of a call is enough
 * here, since no other run writes to this journal; a fork asks for what the run did that it is made of.
 */
export class RunToolCalls implements ToolCallLog {
  readonly #writer: CallWriter;
  readonly #history: RunHistory | null;
  readonly #started = new Set<string>();

  constructor(writer: CallWriter, history: RunHistory | null) {
    this.#writer = writer;
    this.#history = history;
  }

  async find({ callKey }: ToolCallIdentity): Promise<RecordedCall | null> {
    return this.#history?.toolCall(callKey) ?? null;
  }

  async wasStarted({ callKey }: ToolCallIdentity): Promise<boolean> {
    return this.#started.has(callKey) || (this.#history?.wasStarted(callKey) ?? false);
  }

  /** Kept before the tool is called. */
  async started({ callKey, tool, inputDigest }: Parameters<ToolCallLog['started']>[0]): Promise<void> {
    this.#started.add(callKey);
    this.#writer.write({ type: 'tool.started', at: this.#writer.now(), key: callKey, tool, digest: inputDigest });
    await this.#writer.kept();
  }

  async finished({ callKey }: ToolCallIdentity, result: Parameters<ToolCallLog['finished']>[1]): Promise<void> {
    const { ok, output } = result;
    const kept = output === undefined ? null : stored(output, this.#writer.secrets);
    const entry = { type: 'tool.finished', at: this.#writer.now(), key: callKey, ok } as const;
    if (kept === null) this.#writer.write(entry);
    else if ('json' in kept) this.#writer.write({ ...entry, output: kept.json });
    else this.#writer.write({ ...entry, omitted: kept.omitted });
    await this.#writer.kept();
  }
}
