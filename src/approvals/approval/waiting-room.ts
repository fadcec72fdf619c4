/*
 * Those who wait for a decision.
 *
 * Owns: who waits for which request, one timer for the next expiry, one for looking at a shared store.
 * Does not own: the requests. Whoever is woken looks at the store, which alone knows how a request ended.
 *
 * Invariants
 *  1. Nobody is woken twice, and whoever is woken waits no more: no listener and no entry stays behind.
 *  2. There are at most two timers, however many wait, and none if nobody does.
 */
import type { Clock, ClockTimer } from '../../clock/index.js';

export type WakeReason = 'settled' | 'due' | 'aborted' | 'closed';

/** One who waits. It is its own listener, so that waiting costs one small object. */
export class Waiter {
  readonly id: string;
  readonly expiresAt: number;
  readonly woken: Promise<WakeReason>;
  private resolve!: (reason: WakeReason) => void;
  private readonly signal: AbortSignal;
  private readonly room: WaitingRoom;

  constructor(room: WaitingRoom, id: string, expiresAt: number, signal: AbortSignal) {
    this.room = room;
    this.id = id;
    this.expiresAt = expiresAt;
    this.signal = signal;
    this.woken = new Promise((resolve) => {
      this.resolve = resolve;
    });
    signal.addEventListener('abort', this);
  }

  /** What an event target calls. */
  handleEvent(): void {
    this.room.leave(this, 'aborted');
  }

  wake(reason: WakeReason): void {
    this.signal.removeEventListener('abort', this);
    this.resolve(reason);
  }
}

export interface WaitingRoomOptions {
  readonly clock: Clock;
  readonly now: () => number;
  /** How often to look for decisions of others, in ms; null for never. */
  readonly pollMs: number | null;
  /** Which of these are decided. */
  readonly settled: (ids: readonly string[]) => Promise<readonly string[]>;
  readonly onPollFailed: (error: unknown) => void;
}

export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  /** By request; most are waited for once. */
  readonly #waiting = new Map<string, Set<Waiter> | Waiter>();
  #size = 0;
  #due: { readonly at: number; readonly timer: ClockTimer } | null = null;
  #poll: ClockTimer | null = null;

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Waits from now on, so that no decision is missed while the store is looked at. */
  enter(id: string, expiresAt: number, signal: AbortSignal): Waiter {
    const waiter = new Waiter(this, id, expiresAt, signal);
    const others = this.#waiting.get(id);
    if (others === undefined) this.#waiting.set(id, waiter);
    else if (others instanceof Set) others.add(waiter);
    else this.#waiting.set(id, new Set([others, waiter]));
    this.#size++;
    this.#armDue(expiresAt);
    this.#armPoll();
    return waiter;
  }

  /** Waits no more. Does nothing to one who left before. */
  leave(waiter: Waiter, reason: WakeReason = 'settled'): void {
    const those = this.#waiting.get(waiter.id);
    if (those === waiter) this.#waiting.delete(waiter.id);
    else if (!(those instanceof Set) || !those.delete(waiter)) return;
    else if (those.size === 0) this.#waiting.delete(waiter.id);
    this.#size--;
    if (this.#size === 0) this.#rest();
    waiter.wake(reason);
  }

  /** Somebody decided in this process. */
  wake(id: string, reason: WakeReason = 'settled'): void {
    const those = this.#waiting.get(id);
    if (those === undefined) return;
    for (const waiter of those instanceof Set ? [...those] : [those]) this.leave(waiter, reason);
  }

  close(): void {
    for (const id of [...this.#waiting.keys()]) this.wake(id, 'closed');
  }

  #rest(): void {
    this.#due?.timer.clear();
    this.#poll?.clear();
    this.#due = null;
    this.#poll = null;
  }

  #armDue(at: number): void {
    if (this.#due !== null && this.#due.at <= at) return;
    this.#due?.timer.clear();
    const { clock, now } = this.#options;
    const timer = clock.setTimer(Math.max(0, at - now()), () => this.#wakeDue());
    this.#due = { at, timer };
  }

  /** Looks at all who wait: once per expiry, which is hours away. */
  #wakeDue(): void {
    this.#due = null;
    const now = this.#options.now();
    let next = Number.POSITIVE_INFINITY;
    for (const those of [...this.#waiting.values()]) {
      for (const waiter of those instanceof Set ? [...those] : [those]) {
        if (waiter.expiresAt <= now) this.leave(waiter, 'due');
        else next = Math.min(next, waiter.expiresAt);
      }
    }
    if (next !== Number.POSITIVE_INFINITY) this.#armDue(next);
  }

  #armPoll(): void {
    const { clock, pollMs } = this.#options;
    if (pollMs === null || this.#poll !== null || this.#size === 0) return;
    this.#poll = clock.setTimer(pollMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { settled, onPollFailed } = this.#options;
    try {
      for (const id of await settled([...this.#waiting.keys()])) this.wake(id);
    } catch (error) {
      onPollFailed(error);
    } finally {
      this.#poll = null;
      this.#armPoll();
    }
  }
}
