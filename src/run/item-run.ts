import { compose } from '../interceptors/index.js';
import type { AnyInterceptor, StageContext } from '../stage/index.js';
import { behind, callBody, type ExecutionContext, isSameExecution, scopeOf } from './execution-context.js';
import type { ItemJob } from './item-job.js';
import { ItemPool } from './item-pool.js';
import { observerFailed, seal } from './layer-reports.js';

/** The onion around the work on one item of a stage. Composed once, for all runs. @param layers outermost first */
export function itemCall(layers: readonly AnyInterceptor[], stage: string): ItemJob['call'] {
  const core = { body: callBody, belongs: isSameExecution, contained: observerFailed, sealed: seal };
  return compose(layers, core, { what: 'stage', name: stage });
}

/**
 * Works on the items of a stage, from inside its `execute`.
 * @returns what they come to under its policy; or a StageOutput, which is how the stage ends instead. Never rejects
 */
export function runItems(ctx: StageContext, job: ItemJob): Promise<unknown> {
  return new Promise((resolve) => {
    const { run, execution } = behind(ctx);
    const pool = new ItemPool(run, execution, scopeOf(ctx), job, resolve);
    pool.open(() => job.items((ctx as ExecutionContext).within(pool.scope)));
  });
}
