import type { CompensationFailure } from './compensation-report.js';
import type { StageExecution } from './stage-execution.js';

/** The work of one run that can be undone, and what became of it. Made when the first such stage completes. */
export class CompletedWork {
  /** In order of completion. */
  #done: StageExecution[] = [];
  readonly undone: string[] = [];
  readonly failed: CompensationFailure[] = [];
  /** Settles when nothing is being undone; never rejects. */
  idle: Promise<void> = Promise.resolve();

  add(execution: StageExecution): void {
    this.#done.push(execution);
  }

  has(isMeant: (stage: number) => boolean): boolean {
    return this.#done.some(({ stage }) => isMeant(stage.index));
  }

  /** Hands over what is to be undone, the last completed first; nobody else gets it again. */
  take(isMeant: (stage: number) => boolean): readonly StageExecution[] {
    const meant = this.#done.filter(({ stage }) => isMeant(stage.index));
    this.#done = this.#done.filter(({ stage }) => !isMeant(stage.index));
    return meant.reverse();
  }
}
