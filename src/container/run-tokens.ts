import { AuthContext, OrgContext } from '../auth/index.js';
import { ExtensionToken } from '../context/index.js';
import type { Token } from '../metadata/index.js';
import { RunContext } from '../stage/index.js';
import type { ProviderRecord } from './wiring-records.js';

/** Where to give what a module cannot provide. */
export function runTokenFix(token: Token): string {
  return token instanceof ExtensionToken
    ? 'Remove it; give it to the run instead: run(Pipeline, { extensions: [TOKEN.of(value)] }).'
    : 'Remove it; pass the caller to the run instead: run(Pipeline, { auth, org }).';
}

/** What every run brings along. Asking for one of these makes a class run-scoped. */
const RUN_RECORDS: ReadonlyMap<Token, ProviderRecord> = new Map(
  [
    runRecord(AuthContext, (run) => run.auth),
    runRecord(OrgContext, (run) => run.org),
    runRecord(RunContext, (run) => run),
  ].map((record) => [record.token, record]),
);

function runRecord(token: Token, read: (run: RunContext) => unknown): ProviderRecord {
  return Object.freeze({ token, home: null, role: 'run', scope: null, source: Object.freeze({ kind: 'run', read }) });
}

/** The extensions of a snapshot come with the run as well, each under its own token. */
interface ExtensionRecords {
  /** A run without the extension cannot be opened. */
  readonly required: ProviderRecord;
  /** A run without it injects `undefined`. */
  readonly optional: ProviderRecord;
}

const extensionRecords = new WeakMap<ExtensionToken, ExtensionRecords>();

export function runRecordOf(token: Token): ProviderRecord | undefined {
  return token instanceof ExtensionToken ? recordsOf(token).required : RUN_RECORDS.get(token);
}

/** What to inject where `undefined` will do. */
export function whereThereIsOne(record: ProviderRecord): ProviderRecord {
  return record.token instanceof ExtensionToken ? recordsOf(record.token).optional : record;
}

export function isRunToken(token: Token): boolean {
  return token instanceof ExtensionToken || RUN_RECORDS.has(token);
}

function recordsOf(token: ExtensionToken): ExtensionRecords {
  let records = extensionRecords.get(token);
  if (records === undefined) {
    records = {
      required: runRecord(token, (run) => run.snapshot.extensions.require(token)),
      optional: runRecord(token, (run) => run.snapshot.extensions.get(token)),
    };
    extensionRecords.set(token, records);
  }
  return records;
}
