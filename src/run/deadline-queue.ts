/*
 * Limits for many calls with few timers: one first-in-first-out list and one clock timer per distinct duration. Equal
 * durations expire in the order they were armed, so arming and disarming are a few pointer writes.
 *
 * Invariants
 *  1. `onDue` is called at most once per arming, never before `dueAt`, and never after `disarm`.
 *  2. An idle queue does not keep the process alive once `release` was called. Its timers rest until they are wanted
 *     again, come due and find nothing, or `close` clears them.
 */
import type { Clock, ClockTimer } from '../clock/index.js';

/** Something that happens unless it is disarmed in time. The list it hangs in is kept in its own fields. */
export interface DeadlineEntry {
  /** Where it is armed; null if it is not. Only the queue writes this and the next three. */
  list: DeadlineList | null;
  dueAt: number;
  previous: DeadlineEntry | null;
  following: DeadlineEntry | null;
  onDue(): void;
}

export abstract class Deadline implements DeadlineEntry {
  list: DeadlineList | null = null;
  dueAt = 0;
  previous: DeadlineEntry | null = null;
  following: DeadlineEntry | null = null;

  abstract onDue(): void;
}

export class DeadlineList {
  readonly limitMs: number;
  head: DeadlineEntry | null = null;
  tail: DeadlineEntry | null = null;
  timer: ClockTimer | null = null;
  /** The timer runs and keeps the process alive: a deadline can just be appended. */
  isAwake = false;

  constructor(limitMs: number) {
    this.limitMs = limitMs;
  }

  append(deadline: DeadlineEntry): void {
    deadline.list = this;
    deadline.previous = this.tail;
    deadline.following = null;
    if (this.tail === null) this.head = deadline;
    else this.tail.following = deadline;
    this.tail = deadline;
  }

  remove(deadline: DeadlineEntry): void {
    const { previous, following } = deadline;
    if (previous === null) this.head = following;
    else previous.following = following;
    if (following === null) this.tail = previous;
    else following.previous = previous;
    deadline.list = null;
    deadline.previous = null;
    deadline.following = null;
  }
}

const NO_LIST = new DeadlineList(Number.NaN);

export class DeadlineQueue {
  readonly #clock: Clock;
  readonly #lists = new Map<number, DeadlineList>();
  /** The one used last: most pipelines have one limit for many stages. */
  #last = NO_LIST;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param now a recent reading of the clock, from which the limit counts */
  arm(deadline: DeadlineEntry, limitMs: number, now: number): void {
    const list = this.#last.limitMs === limitMs ? this.#last : this.listOf(limitMs);
    deadline.dueAt = now + limitMs;
    list.append(deadline);
    if (!list.isAwake) this.wake(list);
  }

  private listOf(limitMs: number): DeadlineList {
    let list = this.#lists.get(limitMs);
    if (list === undefined) {
      list = new DeadlineList(limitMs);
      this.#lists.set(limitMs, list);
    }
    this.#last = list;
    return list;
  }

  private wake(list: DeadlineList): void {
    if (list.timer === null) this.#arm(list, list.limitMs);
    else list.timer.keepAlive?.(true);
    list.isAwake = true;
  }

  disarm(deadline: DeadlineEntry): void {
    deadline.list?.remove(deadline);
  }

  /** For the rare case that many must go at once: looks at every deadline. */
  disarmAll(belongs: (deadline: DeadlineEntry) => boolean): void {
    for (const list of this.#lists.values()) {
      for (let deadline = list.head; deadline !== null; ) {
        const { following } = deadline;
        if (belongs(deadline)) list.remove(deadline);
        deadline = following;
      }
    }
  }

  /** Puts the timers of lists that have become empty to rest. Called when a run ends rather than per stage. */
  release(): void {
    if (this.#lists.size === 0) return;
    for (const list of this.#lists.values()) {
      if (list.head !== null || !list.isAwake) continue;
      if (list.timer?.keepAlive === undefined) this.#drop(list);
      else {
        list.timer.keepAlive(false);
        list.isAwake = false;
      }
    }
  }

  /** Clears the timers of empty lists. */
  close(): void {
    for (const list of this.#lists.values()) if (list.head === null) this.#drop(list);
  }

  #arm(list: DeadlineList, delayMs: number): void {
    list.timer = this.#clock.setTimer(delayMs, () => this.#fire(list));
    list.isAwake = true;
  }

  #drop(list: DeadlineList): void {
    list.timer?.clear();
    list.timer = null;
    list.isAwake = false;
    if (this.#last === list) this.#last = NO_LIST;
    // While a list fires it may have been dropped, and another begun for the same limit.
    if (this.#lists.get(list.limitMs) === list) this.#lists.delete(list.limitMs);
  }

  #fire(list: DeadlineList): void {
    list.timer = null;
    list.isAwake = false;
    const now = this.#clock.now();
    while (list.head !== null && list.head.dueAt <= now) {
      const due = list.head;
      list.remove(due);
      due.onDue();
    }
    if (list.head === null) this.#drop(list);
    else if (!list.isAwake) this.#arm(list, list.head.dueAt - now);
  }
}
