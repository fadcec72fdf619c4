/*
 * Places for so many calls, and a queue before them.
 *
 * Invariants
 *  1. A place that is given up goes to whoever waits longest; nobody overtakes.
 *  2. Who is told to stop while waiting leaves the queue at once and holds nothing.
 *
 * Not cockatiel's bulkhead, which keeps the cancelled in its queue, stops serving it behind one of them, and sends a call
 * that was overtaken to the end of the line.
 */
import type { Next, StageContext, StageOutput } from '../stage/index.js';
import { orCancelled } from './waiting.js';

export class Compartment {
  #active = 0;
  /** What gives its place to each waiting call, first come first. */
  readonly #queue = new Set<() => void>();

  get isIdle(): boolean {
    return this.#active === 0;
  }

  isFull(limit: number, queue: number): boolean {
    return this.#active >= limit && this.#queue.size >= queue;
  }

  async run(ctx: StageContext, next: Next, limit: number): Promise<StageOutput> {
    if (this.#active < limit) this.#active++;
    else await this.#turn(ctx);
    try {
      return await next();
    } finally {
      this.#leave();
    }
  }

  async #turn(ctx: StageContext): Promise<void> {
    let enter!: () => void;
    const entered = new Promise<void>((resolve) => {
      enter = resolve;
    });
    this.#queue.add(enter);
    try {
      await orCancelled(ctx, entered);
    } catch (error) {
      if (!this.#queue.delete(enter)) this.#leave(); // it was given its place in the same moment
      throw error;
    }
  }

  /** The place changes hands without being free in between. */
  #leave(): void {
    const [enter] = this.#queue;
    if (enter === undefined) this.#active--;
    else {
      this.#queue.delete(enter);
      enter();
    }
  }
}
