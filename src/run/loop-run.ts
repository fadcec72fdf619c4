/*
 * A stage that does something again until it is good enough.
 *
 * Invariants
 *  1. One iteration at a time; the next sees what the one before handed on.
 *  2. What an iteration gives after the deadline, or after it was told to stop, counts for nothing.
 *  3. An iteration that is not ok ends the stage as it ended itself.
 */
import { StageflowError } from '../errors/index.js';
import {
  type LoopContext,
  LoopReason,
  type LoopResult,
  messageOf,
  type StageContext,
  StageOutput,
  StageStatus,
} from '../stage/index.js';
import { behind, scopeOf } from './execution-context.js';
import { IterationContext } from './loop-context.js';
import { toOutput } from './output-of-value.js';

/** No timer is heard, and no other work of the process done, unless the event loop has a turn this often. */
const PAUSE_AFTER_MS = 10;

interface LoopRules {
  readonly until: (output: any, ctx: LoopContext) => unknown; // any: tied to what an iteration gives where it is declared
  /** Null, each of them, for none; one of the first two is there. */
  readonly maxIterations: number | null;
  readonly timeoutMs: number | null;
  readonly stagnation: number | null;
}

export interface LoopJob {
  readonly plan: LoopRules;
  readonly iterate: (ctx: LoopContext) => unknown;
}

/** @returns how the loop ended; or a StageOutput, which is how the stage ends instead */
export async function runLoop(ctx: StageContext, job: LoopJob): Promise<LoopResult<object> | StageOutput> {
  const loop = new Loop(job);
  const { timeoutMs } = job.plan;
  if (timeoutMs === null) return loop.run(ctx);
  let within = ctx;
  try {
    return await ctx.withTimeout(timeoutMs, (inner) => {
      within = inner;
      return loop.run(inner);
    });
  } catch (error) {
    const isOver = within !== ctx && scopeOf(within).reason === error && !ctx.cancelled;
    if (!isOver) throw error;
    return loop.ended(LoopReason.Deadline);
  }
}

class Loop {
  readonly #job: LoopJob;
  #completed = 0;
  #last: object | undefined = undefined;
  #equalInARow = 0;

  constructor(job: LoopJob) {
    this.#job = job;
  }

  async run(ctx: StageContext): Promise<LoopResult<object> | StageOutput> {
    const { run, execution } = behind(ctx);
    let lastPause = ctx.clock.now();
    for (;;) {
      if (ctx.clock.now() - lastPause > PAUSE_AFTER_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        lastPause = ctx.clock.now();
      }
      ctx.checkpoint();
      const startedAt = ctx.clock.now();
      const at = { iteration: this.#completed + 1, previous: this.#last };
      const inner = new IterationContext(run, execution, scopeOf(ctx), at);
      const output = toOutput(await this.#job.iterate(inner), ctx.stage.name);
      ctx.checkpoint();
      if (output.status !== StageStatus.Ok) return output;
      this.#take(output.data as object);
      const reason = this.#reason(inner);
      run.resources.heartbeat(execution);
      if (run.reporter.active) {
        const about = { stage: ctx.stage.name, iteration: at.iteration, durationMs: ctx.clock.now() - startedAt };
        run.reporter.rare({ type: 'stage.iteration.completed', ...about, reason });
      }
      if (reason !== null) return this.ended(reason);
    }
  }

  ended(reason: LoopReason): LoopResult<object> {
    return { reason, iterations: this.#completed, output: this.#last } as LoopResult<object>;
  }

  #take(output: object): void {
    const { stagnation } = this.#job.plan;
    const isSame = stagnation !== null && this.#completed > 0 && isEqual(this.#last, output);
    this.#equalInARow = isSame ? this.#equalInARow + 1 : 1;
    this.#last = output;
    this.#completed++;
  }

  #reason(ctx: LoopContext): LoopReason | null {
    const { maxIterations, stagnation } = this.#job.plan;
    if (this.#isOver(ctx)) return LoopReason.Until;
    if (stagnation !== null && this.#equalInARow >= stagnation) return LoopReason.Stagnation;
    return maxIterations !== null && this.#completed >= maxIterations ? LoopReason.MaxIterations : null;
  }

  #isOver(ctx: LoopContext): boolean {
    let answer: unknown;
    try {
      answer = this.#job.plan.until(this.#last, ctx);
    } catch (error) {
      throw untilFailed(ctx.stage.name, `threw: ${messageOf(error)}`, error);
    }
    if (typeof answer === 'boolean') return answer;
    if (answer instanceof Promise) answer.catch(() => {}); // it is not waited for, and must not end the process
    throw untilFailed(
      ctx.stage.name,
      `gave ${answer instanceof Promise ? 'a promise' : `a value of type ${typeof answer}`}`,
    );
  }
}

function isEqual(a: unknown, b: unknown): boolean {
  return process.getBuiltinModule('node:util').isDeepStrictEqual(a, b);
}

function untilFailed(stage: string, what: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'STAGE_CONDITION_FAILED',
    message: `The end of the loop of stage "${stage}" cannot be told: until ${what}.`,
    fix: 'until must return true or false, at once.',
    details: { stage },
    ...(cause === undefined ? {} : { cause }),
  });
}
