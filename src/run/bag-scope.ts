import type { BagKey, BagView, IsUpstream } from '../context/index.js';
import { inNamespace, namesFor } from '../stage/index.js';
import { cancelledError } from './context-errors.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/**
 * The run's bag as one stage sees it: it writes under its own name, and reads what was written upstream. What is written in a
 * component that has a prefix is kept under that prefix, so that the component can be there twice, and read there without it.
 */
export class BagScope implements BagView {
  readonly #run: RunState;
  readonly #execution: StageExecution;

  constructor(run: RunState, execution: StageExecution) {
    this.#run = run;
    this.#execution = execution;
  }

  set(key: BagKey<any> | string, value: unknown): void {
    const { executions, resources } = this.#run;
    const { index, name, namespace } = this.#execution.stage;
    // A guard has sent the run back, and the stage is computed again: this is what is left of the time before.
    if (executions[index] !== this.#execution.whole) throw cancelledError(name, 'it is computed again');
    resources.bag.set(inNamespace(namespace, nameOf(key)), value, name, this.set);
  }

  has(key: BagKey<any> | string): boolean {
    return this.#mayRead(this.#found(nameOf(key)));
  }

  get<T>(key: BagKey<T>): T;
  get(key: string): unknown;
  get(key: BagKey<any> | string): unknown {
    return this.#run.resources.bag.read(this.#found(nameOf(key)), this.#execution.stage.name, this.#isUpstream);
  }

  /** The innermost key of the name that this stage may read; the plain one if there is none. */
  #found(key: string): string {
    const { namespace } = this.#execution.stage;
    if (namespace === '') return key;
    for (const name of namesFor(key, namespace)) if (this.#mayRead(name)) return name;
    return key;
  }

  #mayRead(key: string): boolean {
    return this.#run.resources.bag.has(key, this.#execution.stage.name, this.#isUpstream);
  }

  get #isUpstream(): IsUpstream {
    const { ancestry } = this.#run.compiled;
    return (writer, reader) => ancestry.isUpstream(writer, reader);
  }
}

function nameOf(key: BagKey<any> | string): string {
  return typeof key === 'string' ? key : key.name;
}
