import { messageOf, RunContext } from '../stage/index.js';
import type { RunInstances } from './bound-pipeline.js';
import { openFailed } from './run-causes.js';
import type { RunLife } from './run-life.js';
import type { RunState } from './run-state.js';
import { warn } from './warn.js';

/**
 * Builds what is run-scoped, then calls `opened`: at once if everything is built at once. If building fails, the run has
 * failed before its first stage.
 */
export function openInstances(run: RunState, life: RunLife, opened: () => void): void {
  const { openRun } = run.compiled.bound;
  if (openRun === null || life.decided) {
    opened();
    return;
  }
  const hold = (instances: RunInstances): void => {
    run.time.expire();
    if (life.ended) closeLate(run, instances);
    else {
      run.resources.hold(instances);
      opened();
    }
  };
  const fail = (error: unknown): void => {
    run.time.expire();
    life.fail(openFailed(run.pipeline, error));
    opened();
  };
  let instances: RunInstances | Promise<RunInstances>;
  try {
    instances = openRun(new RunContext(run.pipeline, run.snapshot, run.auth, run.org, () => run.scope.signal));
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
    const { runId } = run.snapshot.identity;
    warn(run.parts.logger, 'Closing the instances of a run that had ended failed.', { runId, error: messageOf(error) });
  };
  Promise.resolve()
    .then(() => instances.close())
    .catch(report);
}
