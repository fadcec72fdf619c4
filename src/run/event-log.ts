import { StageflowError } from '../errors/index.js';
import type { EventSink, PipelineEvent } from '../events/index.js';

/** How many events a started run keeps for readers that come late or fall behind. */
const KEPT_EVENTS = 65_536;

/** The events of one run, to be read while it goes on, by any number of readers, from any point that is still kept. */
export interface RunEvents extends AsyncIterable<PipelineEvent> {
  /**
   * All events after the one with this sequence number; 0 for all. Use it to go on where a reader stopped.
   * @throws RUN_EVENTS_EVICTED while iterating, if the next event is no longer kept.
   */
  after(sequence: number): AsyncIterable<PipelineEvent>;
}

/** A sink that keeps the last events of its run and wakes its readers. */
export class EventLog implements EventSink, RunEvents {
  #events: PipelineEvent[] = [];
  /** Sequence number of the event before the first kept one. */
  #evicted = 0;
  #ended = false;
  #wake: (() => void) | null = null;
  #changed: Promise<void> | null = null;

  emit(event: PipelineEvent): void {
    this.#events.push(event);
    // Dropping half at once keeps the cost per event constant.
    if (this.#events.length > KEPT_EVENTS) {
      const dropped = this.#events.length - KEPT_EVENTS / 2;
      this.#events = this.#events.slice(dropped);
      this.#evicted += dropped;
    }
    this.#notify();
  }

  /** No more events will come. */
  end(): void {
    this.#ended = true;
    this.#notify();
  }

  [Symbol.asyncIterator](): AsyncIterator<PipelineEvent> {
    return this.after(0)[Symbol.asyncIterator]();
  }

  async *after(sequence: number): AsyncGenerator<PipelineEvent, void, undefined> {
    for (let next = sequence + 1; ; ) {
      if (next <= this.#evicted) throw evicted(next, this.#evicted + 1);
      const event = this.#events[next - this.#evicted - 1];
      if (event !== undefined) {
        next++;
        yield event;
      } else if (this.#ended) {
        return;
      } else {
        await this.#nextChange();
      }
    }
  }

  #nextChange(): Promise<void> {
    this.#changed ??= new Promise((resolve) => {
      this.#wake = resolve;
    });
    return this.#changed;
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = null;
    this.#changed = null;
  }
}

function evicted(wanted: number, oldest: number): StageflowError {
  return new StageflowError({
    code: 'RUN_EVENTS_EVICTED',
    message: `Event ${wanted} of this run is no longer kept; the oldest kept one is ${oldest}.`,
    fix: 'Read faster, read on from the oldest, or give the run a sink, which sees every event.',
    details: { wanted, oldest, kept: KEPT_EVENTS },
  });
}
