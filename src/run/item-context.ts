import type { StageflowLogger } from '../events/index.js';
import type { ItemContext, ItemPlace } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import { ExecutionContext } from './execution-context.js';
import type { ItemExecution } from './item-execution.js';
import type { RunState } from './run-state.js';

/** Does the work on one item. */
export type ItemWork = (ctx: ItemContext, item: unknown) => unknown;

/** What the work on one item sees of its run: what a stage sees, with what belongs to the item in the place of its own. */
export class ItemExecutionContext extends ExecutionContext implements ItemContext {
  readonly #run: RunState;
  readonly #item: ItemExecution;
  readonly #work: ItemWork;

  constructor(run: RunState, item: ItemExecution, scope: CancelScope, work: ItemWork) {
    super(run, item, scope);
    this.#run = run;
    this.#item = item;
    this.#work = work;
  }

  get item(): ItemPlace {
    return { key: this.#item.key, index: this.#item.index };
  }

  override get logger(): StageflowLogger {
    return super.logger.child({ item: this.#item.key });
  }

  protected override invoke(): unknown {
    return this.#work(this, this.#item.value);
  }

  override within(scope: CancelScope): ExecutionContext {
    return new ItemExecutionContext(this.#run, this.#item, scope, this.#work);
  }
}
