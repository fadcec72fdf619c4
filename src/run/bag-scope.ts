import type { BagKey, BagView, IsUpstream } from '../context/index.js';
import { cancelledError } from './context-errors.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** The run's bag as one stage sees it: it writes under its own name, and reads what was written upstream. */
export class BagScope implements BagView {
  readonly #run: RunState;
  readonly #execution: StageExecution;

  constructor(run: RunState, execution: StageExecution) {
    this.#run = run;
    this.#execution = execution;
  }

  set(key: BagKey<any> | string, value: unknown): void {
    const { executions, resources } = this.#run;
    const { index, name } = this.#execution.stage;
    // A guard has sent the run back, and the stage is computed again: this is what is left of the time before.
    if (executions[index] !== this.#execution) throw cancelledError(name, 'it is computed again');
    resources.bag.set(nameOf(key), value, name, this.set);
  }

  has(key: BagKey<any> | string): boolean {
    return this.#run.resources.bag.has(nameOf(key), this.#execution.stage.name, this.#isUpstream);
  }

  get<T>(key: BagKey<T>): T;
  get(key: string): unknown;
  get(key: BagKey<any> | string): unknown {
    return this.#run.resources.bag.read(nameOf(key), this.#execution.stage.name, this.#isUpstream);
  }

  get #isUpstream(): IsUpstream {
    const { ancestry } = this.#run.compiled;
    return (writer, reader) => ancestry.isUpstream(writer, reader);
  }
}

function nameOf(key: BagKey<any> | string): string {
  return typeof key === 'string' ? key : key.name;
}
