import { decodePayload } from '../payload/index.js';
import type { ProviderAnswer, ProviderCallLog } from '../run/index.js';
import { messageOf } from '../stage/index.js';
import type { ProviderCalled } from './journal-entry.js';
import { callUnknown } from './replay-errors.js';
import { stored } from './stored-data.js';
import type { StoredRun } from './stored-run.js';
import type { CallWriter } from './writer-host.js';

/** Writes down what recorded providers answer. A run that goes on asks them anew. */
export class WrittenProviderCalls implements ProviderCallLog {
  readonly #writer: CallWriter;

  constructor(writer: CallWriter) {
    this.#writer = writer;
  }

  find(): null {
    return null;
  }

  add(key: string, { ok, value, isAsync }: ProviderAnswer): void {
    const result = stored(ok ? value : thrown(value), this.#writer.secrets);
    const entry = { type: 'provider.called', at: this.#writer.now(), key, ok, isAsync } as const;
    this.#writer.write('json' in result ? { ...entry, value: result.json } : { ...entry, omitted: result.omitted });
  }
}

/** Of an error its name, message and code are kept. */
function thrown(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { readonly code?: unknown };
  return { name: error.name, message: messageOf(error), code: typeof code === 'string' ? code : null };
}

/** What recorded providers answered in a run that is replayed; nothing else is asked. */
export class ReplayedProviderCalls implements ProviderCallLog {
  readonly #runId: string;
  readonly #answers: ReadonlyMap<string, ProviderCalled>;

  constructor({ runId, entries }: StoredRun) {
    this.#runId = runId;
    this.#answers = new Map(
      entries.flatMap((entry) => (entry.type === 'provider.called' ? [[entry.key, entry] as const] : [])),
    );
  }

  find(key: string): ProviderAnswer {
    const called = this.#answers.get(key);
    const [stage = '', , method = ''] = key.split('\n');
    if (called?.value === undefined) throw callUnknown(this.#runId, `a call of ${method} by stage "${stage}"`);
    const { ok, isAsync } = called;
    const value = decodePayload(called.value);
    return { ok, isAsync, value: ok ? value : errorOf(value) };
  }

  add(): void {}
}

function errorOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('message' in value)) return value;
  const { name, message, code } = value as { readonly name: string; readonly message: string; readonly code: unknown };
  return Object.assign(new Error(message), { name }, code === null ? {} : { code });
}
