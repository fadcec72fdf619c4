import type { Journal, RunKey, StoredRun } from '../../journal/index.js';

/** How a run is found from the command line. */
export interface RunChoice {
  readonly tenant?: string;
}

/** More than anybody looks through by eye, and few enough to be read at once. */
const MOST_LISTED = 10_000;

/**
 * The key of a run. Without a tenant it is looked for among those without one, and then among those of all: whoever has the
 * store has them all.
 */
export async function findRun(journal: Journal, runId: string, { tenant }: RunChoice): Promise<RunKey> {
  if (tenant !== undefined) return { tenant, runId };
  const summaries = await journal.list({ limit: MOST_LISTED });
  const found = summaries.filter((summary) => summary.runId === runId);
  const [own] = found.filter((summary) => summary.tenant === null);
  return { tenant: (own ?? found[0])?.tenant ?? null, runId };
}

/** @throws JOURNAL_RUN_MISSING, JOURNAL_CORRUPT */
export async function readStoredRun(journal: Journal, runId: string, choice: RunChoice): Promise<StoredRun> {
  return journal.read(await findRun(journal, runId, choice));
}
