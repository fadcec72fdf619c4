import { AuthContext, OrgContext } from '../auth/index.js';
import type { Token } from '../metadata/index.js';
import { RunContext } from '../stage/index.js';
import type { ProviderRecord } from './wiring-records.js';

export const RUN_TOKEN_FIX = 'Remove it; pass the caller to the run instead: run(Pipeline, { auth, org }).';

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

export function runRecordOf(token: Token): ProviderRecord | undefined {
  return RUN_RECORDS.get(token);
}

export function isRunToken(token: Token): boolean {
  return RUN_RECORDS.has(token);
}
