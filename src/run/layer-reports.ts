/* What layers of an onion tell the run they work in. */
import { interceptorName } from '../interceptors/index.js';
import { type AnyInterceptor, messageOf, type StageContext, StageOutput } from '../stage/index.js';
import { behind } from './execution-context.js';
import { warn } from './warn.js';

/** An observer has failed: the stage goes on, and whoever watches hears of it. */
export function observerFailed(ctx: StageContext, interceptor: AnyInterceptor, error: unknown): void {
  const { run, execution } = behind(ctx);
  const name = interceptorName(interceptor);
  const { failure } = StageOutput.fail(error);
  if (failure !== null) run.reporter.interceptorFailed(execution, name, failure);
  warn(ctx.logger, `Interceptor "${name}" failed; it only observes, so the stage goes on.`, {
    error: messageOf(error),
  });
}

/** A security interceptor refuses: the first refusal of an execution stands. */
export function seal(ctx: StageContext, refusal: StageOutput): void {
  const { run, execution } = behind(ctx);
  run.resources.refuse(execution, refusal);
}
