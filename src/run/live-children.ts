/*
 * The runs that stages of one run have started and that go on.
 *
 * Invariants
 *  1. A stage settles when every run it has started has ended: `holds` keeps its value until then.
 *  2. If the stage has failed, what it leaves behind is cancelled first; else it is waited for.
 *  3. Nothing is kept of a run that has ended.
 */
import { StageOutput, StageStatus } from '../stage/index.js';
import { starterFailed } from './run-causes.js';
import type { StageExecution } from './stage-execution.js';

/** A run that goes on. */
export interface LiveChild {
  cancel(reason: unknown): void;
}

interface Family {
  readonly children: Set<LiveChild>;
  /** What goes on when the last has ended. */
  readonly waiting: (() => void)[];
}

/** The run whose stages have started them. */
interface StartingRun {
  settled(execution: StageExecution, value: unknown, threw: boolean): void;
}

export class LiveChildren {
  readonly #families = new Map<StageExecution, Family>();

  /** One that an item has started is its stage's as well. */
  add(execution: StageExecution, child: LiveChild): void {
    if (execution.whole !== execution) this.add(execution.whole, child);
    const family = this.#families.get(execution);
    if (family === undefined) this.#families.set(execution, { children: new Set([child]), waiting: [] });
    else family.children.add(child);
  }

  /** It has ended, and whoever waited for it has heard of it. */
  remove(execution: StageExecution, child: LiveChild): void {
    if (execution.whole !== execution) this.remove(execution.whole, child);
    const family = this.#families.get(execution);
    if (family === undefined) return;
    family.children.delete(child);
    if (family.children.size > 0) return;
    this.#families.delete(execution);
    for (const goOn of family.waiting) goOn();
  }

  /** @param execution of one stage; null for all */
  any(execution: StageExecution | null): boolean {
    return execution === null ? this.#families.size > 0 : this.#families.has(execution);
  }

  /** @returns whether the stage has to wait; then it is settled with the same when it need not any more */
  holds(run: StartingRun, execution: StageExecution, value: unknown, threw: boolean): boolean {
    const family = this.#families.get(execution);
    if (family === undefined) return false;
    if (threw || isFailure(value)) this.#leave(execution, family);
    family.waiting.push(() => run.settled(execution, value, threw));
    return true;
  }

  /** The same for one attempt of a stage. @returns its output once everything it has started has ended; null if that is so */
  ended(execution: StageExecution, output: StageOutput): Promise<StageOutput> | null {
    const family = this.#families.get(execution);
    if (family === undefined) return null;
    if (isFailure(output)) this.#leave(execution, family);
    return new Promise((resolve) => {
      family.waiting.push(() => resolve(output));
    });
  }

  #leave({ stage }: StageExecution, { children }: Family): void {
    const reason = starterFailed(stage.name);
    for (const child of [...children]) child.cancel(reason);
  }
}

function isFailure(value: unknown): boolean {
  try {
    return value instanceof StageOutput && value.status !== StageStatus.Ok && value.status !== StageStatus.Skip;
  } catch {
    return false; // a proxy that refuses to be looked at
  }
}
