import { isLogged, type StageflowLogger, silentLogger } from '../events/index.js';
import {
  type InlineInterceptor,
  InterceptorPriority,
  InterceptorRole,
  messageOf,
  type StageContext,
  type StageOutput,
  StageStatus,
} from '../stage/index.js';

export interface LoggingOptions {
  /** Asked whether a level is written before anything is prepared. The lines themselves go to `ctx.logger`. */
  readonly logger: StageflowLogger;
}

/** One line for every stage that has settled, through `ctx.logger`: a warning if it failed, else at level debug. */
export class LoggingInterceptor implements InlineInterceptor<void> {
  readonly priority = InterceptorPriority.Observability;
  readonly role = InterceptorRole.Observer;
  readonly #logger: StageflowLogger;

  constructor({ logger }: LoggingOptions) {
    this.#logger = logger;
  }

  appliesTo(): boolean {
    return this.#logger !== silentLogger;
  }

  after(ctx: StageContext, output: StageOutput): void {
    const isFailure = output.status === StageStatus.Fail;
    if (!isLogged(this.#logger, isFailure ? 'warn' : 'debug')) return;
    const { attempt, logger, elapsedMs: durationMs } = ctx;
    const { failure, status } = output;
    if (failure === null) logger.debug(`Stage ended as ${status}.`, { durationMs, attempt });
    else logger.warn('Stage failed.', { durationMs, attempt, code: failure.code, error: messageOf(failure.error) });
  }
}
