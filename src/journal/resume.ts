import type { ExtensionToken } from '../context/index.js';
import { StageflowError } from '../errors/index.js';
import type { PipelineRun, RunHost, RunOptions } from '../run/index.js';
import type { Journal } from './journal.js';
import type { RunKey } from './journal-store.js';
import { type PlanMigration, planChanges } from './plan-changes.js';
import { type InFlightChoice, RunHistory } from './run-history.js';
import type { StoredRun } from './stored-run.js';

export interface ResumeOptions extends Pick<RunOptions, 'signal' | 'timeoutMs' | 'sinks'> {
  /**
   * A token of the caller the run was for, verified now: somebody else is refused. Default: the run goes on for the caller it
   * was for, as it was verified then. The journal is then as trusted as the verifier.
   */
  readonly token?: string;
  /**
   * What became of stages that change the world and were under way: `'repeat'`, or how they ended, by stage. A stage that is
   * not named, and not `idempotent`, fails with STAGE_OUTCOME_UNKNOWN.
   */
  readonly inFlight?: Readonly<Record<string, InFlightChoice>>;
  /** What to make of runs of earlier plans. Without one for it a run of another plan is refused. */
  readonly migrations?: readonly PlanMigration[];
  /** To read the extensions of the snapshot. */
  readonly extensions?: readonly ExtensionToken[];
}

/** Something that runs pipelines: an application, or a built pipeline. */
export interface Resumable {
  readonly '~runs': RunHost;
}

/**
 * Goes on with a run that was interrupted, under its own id. Stages that had ended are not called again: what they handed on
 * comes from the journal. Of several processes that try, one gets it. Cleanups that stages had registered are not run.
 * @throws JOURNAL_RUN_MISSING, JOURNAL_CORRUPT, JOURNAL_INCOMPLETE, RESUME_NOT_OPEN, RESUME_PLAN_CHANGED, REGISTRY_UNKNOWN
 */
export async function resume(
  app: Resumable,
  journal: Journal,
  key: RunKey,
  options: ResumeOptions = {},
): Promise<PipelineRun> {
  // Everything that can be refused is, before the run is taken from somebody.
  open(app, await journal.read(key), options);
  if (!(await journal.claim(key))) throw notOpen(await journal.read(key));
  try {
    // Read again: until the claim somebody may have written.
    const run = await journal.read(key);
    const { bound, history, snapshot } = open(app, run, options);
    const { token, signal, timeoutMs, sinks } = options;
    const record = journal.continue(key.runId, history);
    const caller = token === undefined ? run.caller : { token };
    const given = Object.fromEntries(Object.entries({ signal, timeoutMs, sinks, ...run.options }).filter(isGiven));
    return app['~runs'].engine.reopen(bound, { snapshot, caller, record, isHeard: true }, given);
  } catch (error) {
    await journal.release(key);
    throw error;
  }
}

function open(app: Resumable, run: StoredRun, { inFlight = {}, migrations = [], token, extensions }: ResumeOptions) {
  if (run.end !== null) throw notOpen(run);
  const bound = app['~runs'].find(run.pipeline);
  const { rename, again } = planChanges(run, bound.graph, migrations);
  const history = new RunHistory(run, { rename, again, inFlight, checksCaller: token !== undefined });
  return { bound, history, snapshot: run.snapshot(extensions) };
}

function isGiven([, value]: [string, unknown]): boolean {
  return value !== undefined;
}

function notOpen({ runId, end }: StoredRun): StageflowError {
  const why = end === null ? 'another process is at it' : `it has ended as ${end.status}`;
  return new StageflowError({
    code: 'RESUME_NOT_OPEN',
    message: `Run "${runId}" cannot be resumed: ${why}.`,
    fix:
      end === null
        ? 'If that process has died, wait until its lease is over.'
        : 'Use fork() to run it again from a stage on.',
    details: { runId, status: end?.status ?? 'open' },
  });
}
