import type { ItemPlace } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import { StageExecution } from './stage-execution.js';

/** How one item has ended; the data of one that is ok is kept apart. */
export interface ItemEnding {
  readonly status: 'skip' | 'fail' | 'cancel';
  readonly reason: string;
  readonly failure: StageExecution['failure'];
}

/**
 * The engine's record of the work on one item, for as long as it goes on. To everything that is told which execution it
 * belongs to it is one like that of a stage: attempts, limits, runs that it starts, tool calls. What counts for the stage
 * counts for `whole`.
 */
export class ItemExecution extends StageExecution implements ItemPlace {
  readonly key: string;
  readonly index: number;
  readonly value: unknown;
  /** What cancels the work on it. */
  readonly own: CancelScope;
  /** Gives it up if it has been cancelled alone and does not stop. */
  grace: { disarm(): void } | null = null;
  readonly #whole: StageExecution;

  constructor(whole: StageExecution, own: CancelScope, key: string, index: number, value: unknown) {
    super(whole.stage);
    this.#whole = whole;
    this.own = own;
    this.scope = own;
    this.key = key;
    this.index = index;
    this.value = value;
  }

  override get whole(): StageExecution {
    return this.#whole;
  }
}
