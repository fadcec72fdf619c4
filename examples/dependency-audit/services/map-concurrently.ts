import type { Watch } from './watch.js';

/** Enough to keep the disk busy, few enough never to run out of file handles. */
const IN_FLIGHT = 32;

/**
 * Maps with a bounded number of calls in flight and reports each further percent. Results are in the order of `items`.
 * On abort or failure it rejects only after every call it started has settled, so that nothing goes on unseen.
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  watch: Watch,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const progress = new PercentProgress(items.length, watch);
  let stopped = false;

  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (stopped) return;
      watch.signal.throwIfAborted();
      results[index] = await map(item);
      progress.step();
    }
  };
  const workers = Array.from({ length: Math.min(IN_FLIGHT, items.length) }, () =>
    worker().catch((error: unknown) => {
      stopped = true;
      throw error;
    }),
  );
  for (const outcome of await Promise.allSettled(workers)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
  return results;
}

class PercentProgress {
  readonly #total: number;
  readonly #watch: Watch;
  #done = 0;
  #percent = 0;

  constructor(total: number, watch: Watch) {
    this.#total = total;
    this.#watch = watch;
  }

  step(): void {
    this.#done += 1;
    const percent = Math.floor((this.#done * 100) / this.#total);
    if (percent === this.#percent) return;
    this.#percent = percent;
    this.#watch.progress(this.#done / this.#total);
  }
}
