import { Deadline } from './deadline-queue.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** The grace period of items that were told to stop. Armed when made; it goes with the limits of its execution. */
export class ItemGrace extends Deadline {
  readonly run: RunState;
  readonly execution: StageExecution;
  readonly limitMs: number;
  readonly #giveUp: () => void;

  constructor(run: RunState, execution: StageExecution, giveUp: () => void) {
    super();
    this.run = run;
    this.execution = execution;
    this.limitMs = run.parts.graceMs;
    this.#giveUp = giveUp;
    run.parts.deadlines.arm(this, this.limitMs, run.parts.clock.now());
  }

  override onDue(): void {
    const { children, parts } = this.run;
    // Runs that they have started end by themselves, within their own grace period.
    if (children?.any(this.execution)) parts.deadlines.arm(this, Math.max(1, this.limitMs), parts.clock.now());
    else this.#giveUp();
  }

  disarm(): void {
    this.run.parts.deadlines.disarm(this);
  }
}
