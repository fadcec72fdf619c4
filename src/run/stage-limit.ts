import type { CancelScope } from './cancel-scope.js';
import { Deadline } from './deadline-queue.js';
import type { LimitPassedError } from './limit-passed-error.js';
import { type Limited, limitDue } from './limited-call.js';
import type { RunState } from './run-state.js';
import { type StageExecution, stageScope } from './stage-execution.js';

/**
 * The limit of a stage with all that is around it. One with something around the limit, as a retry, is a layer of the onion.
 * Apart from the execution, so that executions with and without a limit are of one shape, which is what the engine is fast
 * with.
 */
export class StageLimit extends Deadline implements Limited {
  readonly run: RunState;
  readonly execution: StageExecution;
  passed: LimitPassedError | null = null;

  constructor(run: RunState, execution: StageExecution) {
    super();
    this.run = run;
    this.execution = execution;
  }

  get renews(): boolean {
    return false;
  }

  get limitMs(): number {
    return this.execution.stage.outerLimitMs;
  }

  /** The stage has settled. @returns how it ends if its limit has passed, whatever it did afterwards */
  disarm(): LimitPassedError | null {
    this.run.parts.deadlines.disarm(this);
    this.execution.limit = null;
    return this.passed;
  }

  override onDue(): void {
    limitDue(this);
  }

  limitedScope(): CancelScope {
    return stageScope(this.run, this.execution);
  }

  /** Without an onion the body is the stage itself, which the run counts as running until it is given up; those of items count. */
  abandonBodies(): number {
    if (this.execution.stage.onion === null && this.execution.bodies === 0) return 0;
    this.limitedScope().abandon();
    return this.execution.bodies;
  }

  giveUp(): void {
    this.run.settled(this.execution, this.passed, true);
  }
}

/** Arms the limit of a stage that is about to be called. */
export function armLimit(run: RunState, execution: StageExecution): void {
  const limit = new StageLimit(run, execution);
  execution.limit = limit;
  run.parts.deadlines.arm(limit, limit.limitMs, execution.startedAt);
}
