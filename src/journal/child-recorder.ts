import type { RecordedRun, RunRecorder } from '../run/index.js';

/**
 * Follows a run that a stage has started. It is not written down by itself: it is part of what its stage does, and begins when
 * what is to be known of that is kept.
 */
export class ChildRecorder implements RunRecorder {
  readonly toolCalls = null;
  readonly items = null;
  readonly providerCalls = null;
  readonly #mayBegin: () => Promise<void> | null;

  /** @param mayBegin null if it need not wait; rejects if it must not begin */
  constructor(mayBegin: () => Promise<void> | null) {
    this.#mayBegin = mayBegin;
  }

  opened(_run: RecordedRun): Promise<void> | null {
    return this.#mayBegin();
  }

  restore(): null {
    return null;
  }

  starting(): null {
    return null;
  }

  /** Its own children are its stage's as well, and wait for nothing more. */
  child(): RunRecorder {
    return this;
  }

  settled(): void {}

  ended(): null {
    return null;
  }
}
