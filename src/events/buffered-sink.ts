/*
 * A queue in front of a slow sink.
 *
 * Owns: order, the bound, what is dropped. Does not own: the sink behind it, nor when it is closed.
 *
 * Invariants
 *  1. What was accepted is handed on once, in order, one event at a time, unless it is dropped as the oldest.
 *  2. Accepted and not yet handled, the event in flight included, are never more than `capacity`.
 *  3. Nothing that the sink behind or a callback throws gets out, or stops what follows.
 */
import type { EventSink } from './event-sink.js';
import type { PipelineEvent } from './pipeline-event.js';

/** Which event is lost when a buffer is full. */
export const DropPolicy = {
  /** The one that comes: what has been accepted is kept. */
  Newest: 'newest',
  /** The one that has waited longest: the latest news is kept. One in flight is not dropped. */
  Oldest: 'oldest',
} as const;
export type DropPolicy = (typeof DropPolicy)[keyof typeof DropPolicy];

export interface BufferedSinkOptions {
  /** How many events may wait, the one in flight included. Default 10,000. At least 1. */
  readonly capacity?: number;
  /** Default `newest`. */
  readonly drop?: DropPolicy;
  /** Told of every event that is lost because the buffer is full, or stopped. */
  readonly onDrop?: (event: PipelineEvent, dropped: number) => void;
  /** Told when the sink behind throws or rejects. Its event is lost; the next one is handed on. */
  readonly onError?: (error: unknown, event: PipelineEvent) => void;
}

/** Put it in front of a sink that waits (a file, a network): it hands on one event after another, and never grows beyond a bound. */
export class BufferedSink implements EventSink {
  readonly #behind: EventSink;
  readonly #capacity: number;
  readonly #drop: DropPolicy;
  readonly #options: BufferedSinkOptions;
  /** Accepted events; those before `#first` have been handed on. */
  #waiting: PipelineEvent[] = [];
  #first = 0;
  #dropped = 0;
  #failed = 0;
  #stopped = false;
  /** Settles when nothing is left; null while nothing is under way. */
  #delivering: Promise<void> | null = null;
  #inFlight = 0;

  /** @throws RangeError if the capacity is no whole number above 0 */
  constructor(behind: EventSink, options: BufferedSinkOptions = {}) {
    const { capacity = 10_000, drop = DropPolicy.Newest } = options;
    if (!(Number.isInteger(capacity) && capacity > 0)) {
      throw new RangeError(`The capacity of a BufferedSink is ${String(capacity)}. Give a whole number, at least 1.`);
    }
    this.#behind = behind;
    this.#capacity = capacity;
    this.#drop = drop;
    this.#options = options;
  }

  /** Events lost because the buffer was full, or stopped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Events that the sink behind failed to take. */
  get failed(): number {
    return this.#failed;
  }

  /** Accepted events that are not handled yet, the one in flight included. */
  get pending(): number {
    return this.#waiting.length - this.#first + this.#inFlight;
  }

  emit(event: PipelineEvent): void {
    if (this.#stopped || !this.#hasRoom()) {
      this.#lose(event);
      return;
    }
    this.#waiting.push(event);
    this.#delivering ??= Promise.resolve().then(() => this.#deliver());
  }

  open(run: Parameters<NonNullable<EventSink['open']>>[0]): void {
    this.#behind.open?.(run);
  }

  /** Resolves when everything accepted so far, the event in flight included, has been handled. Never rejects. */
  async drain(): Promise<void> {
    while (this.#delivering !== null) await this.#delivering;
  }

  /** Refuses what comes from now on, and drains. Calling it again waits as well. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.drain();
  }

  #hasRoom(): boolean {
    if (this.pending < this.#capacity) return true;
    if (this.#drop === DropPolicy.Newest || this.#first === this.#waiting.length) return false;
    this.#lose(this.#take());
    return !this.#stopped;
  }

  #take(): PipelineEvent {
    const event = this.#waiting[this.#first++] as PipelineEvent;
    if (this.#first > 1_024 && this.#first * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return event;
  }

  async #deliver(): Promise<void> {
    while (this.#first < this.#waiting.length) {
      const event = this.#take();
      this.#inFlight = 1;
      try {
        const pending = this.#behind.emit(event);
        if (pending !== undefined) await pending;
      } catch (error) {
        this.#failed++;
        this.#tell(() => this.#options.onError?.(error, event));
      }
      this.#inFlight = 0;
    }
    this.#waiting = [];
    this.#first = 0;
    this.#delivering = null;
  }

  #lose(event: PipelineEvent): void {
    const dropped = ++this.#dropped;
    this.#tell(() => this.#options.onDrop?.(event, dropped));
  }

  #tell(callback: () => void): void {
    try {
      callback();
    } catch {
      // A callback is told; what it makes of that is not the run's concern.
    }
  }
}
