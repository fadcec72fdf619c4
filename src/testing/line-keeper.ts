import type { LogFields, StageflowLogger } from '../events/index.js';

/** Keeps what is logged, by run. Lines that name no run are nobody's. */
export class LineKeeper {
  readonly #lines = new Map<unknown, unknown[]>();
  readonly logger: StageflowLogger = this.#loggerWith({});

  /** What a run has logged, which is forgotten here. */
  take(runId: string): readonly unknown[] {
    const lines = this.#lines.get(runId) ?? [];
    this.#lines.delete(runId);
    return lines;
  }

  #loggerWith(fixed: LogFields): StageflowLogger {
    const write = (message: string, fields: LogFields = {}): void => {
      const all = { ...fixed, ...fields };
      if (all.runId === undefined) return;
      const lines = this.#lines.get(all.runId);
      if (lines === undefined) this.#lines.set(all.runId, [[message, all]]);
      else lines.push([message, all]);
    };
    const child = (fields: LogFields): StageflowLogger => this.#loggerWith({ ...fixed, ...fields });
    return { debug: write, info: write, warn: write, error: write, child };
  }
}
