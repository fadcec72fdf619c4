import {
  type Interceptor,
  type InterceptorClass,
  InterceptorPriority,
  type Next,
  type StageContext,
  StageOutput,
} from '../stage/index.js';
import { bindOptions } from './bind-options.js';
import { checkOptions, isCount } from './check-options.js';
import { Compartment } from './compartment.js';
import { RefusedError } from './refused-error.js';

export interface BulkheadOptions {
  /** How many calls may run at once. At least 1. */
  readonly limit: number;
  /** How many may wait for a place, in order; more are refused. Default 0. */
  readonly queue?: number;
  /** What shares the places: a name, or a function of the execution. Default: pipeline and stage. */
  readonly key?: string | ((ctx: StageContext) => string);
}

/**
 * Limits how many calls of a stage run at once, over all runs, when what it depends on stands no more. Calls beyond the
 * limit wait in order, calls beyond the queue fail with BULKHEAD_FULL, retryable. A call holds its place until the stage
 * has really stopped. Stands inside retry, so that no place is held while an attempt waits.
 */
export class BulkheadInterceptor implements Interceptor {
  readonly priority = InterceptorPriority.Resilience + 30;
  readonly #options: Required<BulkheadOptions>;
  readonly #compartments = new Map<string, Compartment>();

  constructor(options: BulkheadOptions) {
    this.#options = readOptions(options);
  }

  static with(options: BulkheadOptions): InterceptorClass {
    readOptions(options);
    return bindOptions(BulkheadInterceptor, options);
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const { limit, queue, key } = this.#options;
    const name = typeof key === 'string' ? key : key(ctx);
    const compartment = this.#compartments.get(name) ?? new Compartment();
    if (compartment.isFull(limit, queue)) return StageOutput.fail(bulkheadFull(ctx, limit, queue));
    this.#compartments.set(name, compartment);
    try {
      return await compartment.run(ctx, next, limit);
    } finally {
      if (compartment.isIdle) this.#compartments.delete(name);
    }
  }
}

function bulkheadFull(ctx: StageContext, limit: number, queue: number): RefusedError {
  return new RefusedError(ctx, {
    code: 'BULKHEAD_FULL',
    because: `${limit} calls run already, and ${queue} wait`,
    fix: 'Try again later, start less at once, or raise limit or queue of BulkheadInterceptor.',
    retryAfterMs: 0,
    details: { limit, queue },
  });
}

function readOptions(given: BulkheadOptions): Required<BulkheadOptions> {
  const { limit, queue = 0, key = pipelineAndStage } = given;
  checkOptions('BulkheadInterceptor', [
    [isCount(limit), 'limit', limit, 'a whole number, at least 1'],
    [isCount(queue, 0), 'queue', queue, 'a whole number, 0 or more'],
    [typeof key === 'string' || typeof key === 'function', 'key', key, 'a name, or a function of the context'],
  ]);
  return { limit, queue, key };
}

function pipelineAndStage({ pipeline, stage }: StageContext): string {
  return JSON.stringify([pipeline, stage.name]);
}
