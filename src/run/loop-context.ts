import type { LoopContext } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import { ExecutionContext } from './execution-context.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** What one iteration of a loop is given. */
export interface Iteration {
  readonly iteration: number;
  readonly previous: object | undefined;
}

/** What one iteration sees of its run: what the stage sees, and where the loop stands. */
export class IterationContext extends ExecutionContext implements LoopContext {
  readonly #run: RunState;
  readonly #execution: StageExecution;
  readonly #at: Iteration;

  constructor(run: RunState, execution: StageExecution, scope: CancelScope, at: Iteration) {
    super(run, execution, scope);
    this.#run = run;
    this.#execution = execution;
    this.#at = at;
  }

  get iteration(): number {
    return this.#at.iteration;
  }

  get previous(): object | undefined {
    return this.#at.previous;
  }

  override within(scope: CancelScope): ExecutionContext {
    return new IterationContext(this.#run, this.#execution, scope, this.#at);
  }
}
