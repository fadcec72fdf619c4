import type { ItemLog } from '../run/index.js';
import type { RunHistory } from './run-history.js';
import { stored } from './stored-data.js';
import type { CallWriter } from './writer-host.js';

/** What the items of one run have come to: those that completed before an interruption are not worked on again. */
export class RunItems implements ItemLog {
  readonly #writer: CallWriter;
  readonly #history: RunHistory | null;

  constructor(writer: CallWriter, history: RunHistory | null) {
    this.#writer = writer;
    this.#history = history;
  }

  find(stage: string, round: number, key: string): object | null {
    return this.#history?.item(stage, round, key) ?? null;
  }

  add(stage: string, round: number, key: string, data: object): void {
    const item = stored({ key, data }, this.#writer.secrets);
    const entry = { type: 'item.completed', at: this.#writer.now(), stage, round } as const;
    this.#writer.write('json' in item ? { ...entry, item: item.json } : { ...entry, omitted: item.omitted });
  }
}
