import type { OrgContext } from '../auth/index.js';
import type { StageflowError } from '../errors/index.js';
import { messageOf, RunContext } from '../stage/index.js';
import type { BoundPipeline, RunInstances } from './bound-pipeline.js';
import { openFailed } from './run-causes.js';
import type { RunState } from './run-state.js';
import { warn } from './warn.js';

export interface OpeningRun extends RunState {
  /** Everything is there; or the run has been decided, and nothing will be needed. */
  resume(): void;
}

/**
 * Builds what is run-scoped, then calls `run.opened`: at once if everything is built at once. If building fails, the run
 * has failed before its first stage.
 */
export function openInstances(run: OpeningRun): void {
  const written = run.record === null || run.life.decided ? null : run.record.opened(run);
  if (written === null) openWritten(run);
  else openAfter(run, written);
}

/** A run that cannot be written down has failed before its first stage. */
function openAfter(run: OpeningRun, written: Promise<void>): void {
  const goOn = (): void => {
    run.time.expire();
    openWritten(run);
  };
  written.then(goOn, (error: StageflowError) => {
    run.life.fail(error);
    goOn();
  });
}

function openWritten(run: OpeningRun): void {
  const { openRun } = run.compiled.bound;
  if (openRun === null || run.life.decided) run.resume();
  else build(run, openRun);
}

/** Apart from the above: its closures would be prepared for every run. */
function build(run: OpeningRun, openRun: NonNullable<BoundPipeline['openRun']>): void {
  const { life } = run;
  const hold = (instances: RunInstances): void => {
    run.time.expire();
    if (life.ended) closeLate(run, instances);
    else {
      run.resources.hold(instances);
      run.resume();
    }
  };
  const fail = (error: unknown): void => {
    run.time.expire();
    life.fail(openFailed(run.pipeline, error));
    run.resume();
  };
  let instances: RunInstances | Promise<RunInstances>;
  try {
    const org = (): OrgContext => run.resources.tenantDenials.orgOf(run, null);
    instances = openRun(new RunContext(run.pipeline, run.snapshot, run.auth, org, () => run.scope.signal));
  } catch (error) {
    fail(error);
    return;
  }
  if (instances instanceof Promise) instances.then(hold, fail);
  else hold(instances);
}

/** The grace period was over before they were there: nobody else will close them. */
function closeLate(run: RunState, instances: RunInstances): void {
  const report = (error: unknown): void => {
    const { runId, correlationId } = run.snapshot.identity;
    const fields = { runId, correlationId, pipeline: run.pipeline, error: messageOf(error) };
    warn(run.parts.logger, 'Closing the instances of a run that had ended failed.', fields);
  };
  Promise.resolve()
    .then(() => instances.close())
    .catch(report);
}
