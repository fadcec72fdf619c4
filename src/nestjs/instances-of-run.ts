import { DisposalList, disposeFailed } from '../container/index.js';
import type { RunInstances } from '../run/index.js';
import type { RunContext, StageInstance } from '../stage/index.js';

const SHARED = new WeakSet<object>();

/** What one run has built, in the order in which it was built. */
export class InstancesOfRun implements RunInstances {
  readonly #run: RunContext;
  readonly #made: readonly { readonly name: string }[];
  readonly #values: readonly unknown[];
  readonly #stage: (index: number) => unknown;

  /** @param values what has been made of `made`, by index; may still grow */
  constructor(
    run: RunContext,
    made: readonly { readonly name: string }[],
    values: readonly unknown[],
    stage: (index: number) => unknown,
  ) {
    this.#run = run;
    this.#made = made;
    this.#values = values;
    this.#stage = stage;
  }

  stage(index: number): StageInstance {
    return this.#stage(index) as StageInstance;
  }

  close(): void | Promise<void> {
    const owned = this.#owned();
    return owned.isEmpty ? undefined : this.#dispose(owned);
  }

  /** What fails while it is disposed does not hide why the run could not be opened. */
  async abandon(error: unknown): Promise<never> {
    await this.#owned().disposeAll();
    throw error;
  }

  #owned(): DisposalList {
    const owned = new DisposalList(SHARED);
    this.#values.forEach((value, index) => {
      owned.add(value, this.#made[index]?.name ?? '');
    });
    return owned;
  }

  async #dispose(owned: DisposalList): Promise<void> {
    const failures = await owned.disposeAll();
    if (failures.length > 0) throw disposeFailed(`Run ${this.#run.runId}`, failures);
  }
}
