import type { CancelScope } from './cancel-scope.js';
import type { CompiledStage } from './compiled-stage.js';
import type { DeadlineEntry, DeadlineList } from './deadline-queue.js';
import type { LimitPassedError } from './limit-passed-error.js';
import { type Limited, limitDue } from './limited-call.js';
import type { RunState } from './run-state.js';
import { StageExecution, stageScope } from './stage-execution.js';

/** A stage with a limit and no onion: it is its own deadline, so that a limit costs no further object or promise. */
export class LimitedExecution extends StageExecution implements Limited {
  readonly run: RunState;
  passed: LimitPassedError | null = null;
  list: DeadlineList | null = null;
  dueAt = 0;
  previous: DeadlineEntry | null = null;
  following: DeadlineEntry | null = null;

  constructor(stage: CompiledStage, run: RunState) {
    super(stage);
    this.run = run;
  }

  get execution(): StageExecution {
    return this;
  }

  get limitMs(): number {
    return this.stage.directLimitMs;
  }

  /** The stage has settled. @returns how it ends if its limit has passed, whatever it did afterwards */
  disarm(): LimitPassedError | null {
    this.run.parts.deadlines.disarm(this);
    return this.passed;
  }

  onDue(): void {
    limitDue(this);
  }

  limitedScope(): CancelScope {
    return stageScope(this.run, this);
  }

  /** The body is the stage itself, which the run counts as running until it is given up. */
  abandonBodies(): number {
    return 0;
  }

  giveUp(): void {
    this.run.settled(this, this.passed, true);
  }
}
