import { systemClock } from '../../../src/clock/index.js';
import { type JournalLine, type JournalStore, MemoryJournalStore } from '../../../src/journal/index.js';

/** A store whose process dies after some lines: from then on nothing it is told is kept, and nothing answers. */
export class DyingStore extends MemoryJournalStore implements JournalStore {
  readonly #kept: JournalStore;
  #left: number;

  /** @param kept what survives */
  constructor(kept: JournalStore, lines: number) {
    super();
    this.#kept = kept;
    this.#left = lines;
  }

  override async append(lines: readonly JournalLine[]): Promise<void> {
    const kept = lines.slice(0, this.#left);
    this.#left -= kept.length;
    if (kept.length > 0) await this.#kept.append(kept);
    if (kept.length < lines.length) await new Promise(() => {});
  }

  override async renew(): Promise<readonly []> {
    return [];
  }
}

/** An hour later: whatever lease there was is over. */
export const later = { ...systemClock, toEpochMs: (stamp: number) => systemClock.toEpochMs(stamp) + 3_600_000 };
