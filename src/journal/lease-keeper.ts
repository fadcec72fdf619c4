import type { Clock, ClockTimer } from '../clock/index.js';
import type { JournalStore, Lease, RunKey } from './journal-store.js';

/** A run that is being written. */
export interface LeasedRun {
  readonly key: RunKey | null;
  /** Somebody else writes it now. */
  failed(error: unknown): void;
}

/** Gives signs of life for the runs of this process, as long as there are any. */
export class LeaseKeeper {
  readonly #store: JournalStore;
  readonly #clock: Clock;
  readonly #owner: string;
  readonly #leaseMs: number;
  readonly #runs = new Set<LeasedRun>();
  #timer: ClockTimer | null = null;

  constructor(store: JournalStore, clock: Clock, owner: string, leaseMs: number) {
    this.#store = store;
    this.#clock = clock;
    this.#owner = owner;
    this.#leaseMs = leaseMs;
  }

  lease(): Lease {
    return { owner: this.#owner, until: Math.round(this.#clock.toEpochMs(this.#clock.now()) + this.#leaseMs) };
  }

  add(run: LeasedRun): void {
    this.#runs.add(run);
    this.#timer ??= this.#arm();
  }

  /** @param isLeft it has not ended: others may go on with it */
  async remove(run: LeasedRun, isLeft: boolean): Promise<void> {
    this.#runs.delete(run);
    if (this.#runs.size === 0) {
      this.#timer?.clear();
      this.#timer = null;
    }
    if (isLeft && run.key !== null) await this.#store.release(run.key, this.#owner).catch(() => {}); // then it runs out
  }

  #arm(): ClockTimer {
    const timer = this.#clock.setTimer(this.#leaseMs / 3, () => {
      this.#timer = this.#arm();
      this.#renew();
    });
    timer.keepAlive?.(false);
    return timer;
  }

  #renew(): void {
    const runs = [...this.#runs].filter(({ key }) => key !== null);
    const keys = runs.map(({ key }) => key as RunKey);
    this.#store.renew(keys, this.lease()).then(
      (lost) => {
        for (const { tenant, runId } of lost) {
          const run = runs.find(({ key }) => key?.runId === runId && key.tenant === tenant);
          if (run !== undefined && this.#runs.has(run)) run.failed(new Error('Another process has taken it over.'));
        }
      },
      () => {}, // the next sign may come through
    );
  }
}
