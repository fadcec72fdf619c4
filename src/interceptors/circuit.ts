/*
 * One breaker: the state machine is cockatiel's, time and probes are ours.
 *
 * Invariants
 *  1. While it is open nothing runs. Once the wait is over exactly one call does, the probe; all others are refused until
 *     that has settled, and never kept waiting for it.
 *  2. A probe that says nothing, because it was cancelled for example, leaves the breaker open, and the next call probes.
 *  3. A probe that is told to stop frees its place at once, however long it takes to stop.
 */
import type { CircuitBreakerPolicy, IBackoff, IBreaker } from 'cockatiel';
import type { Clock } from '../clock/index.js';
import type { Next, StageContext, StageOutput } from '../stage/index.js';
import { loadCockatiel } from './cockatiel.js';
import { orCancelled } from './waiting.js';

/** What a call says about the dependency. */
export const Verdict = { Works: 'works', Broken: 'broken', Unclear: 'unclear' } as const;
export type Verdict = (typeof Verdict)[keyof typeof Verdict];

export const CircuitState = { Closed: 'closed', Open: 'open', HalfOpen: 'half-open' } as const;
export type CircuitState = (typeof CircuitState)[keyof typeof CircuitState];

/** Thrown through cockatiel, which then counts the call neither way. */
const UNCLEAR = new Error('This call says nothing about the dependency.');
const STATES: readonly CircuitState[] = [CircuitState.Closed, CircuitState.Open, CircuitState.HalfOpen];

export class Circuit {
  readonly #policy: CircuitBreakerPolicy;
  readonly #openMs: number;
  #clock: Clock | null = null;
  /** When the next call may probe, on that clock. */
  #probeAt = 0;
  #unclearProbe = false;
  #told: CircuitState = CircuitState.Closed;

  /** @param openMs how long it stays open before a call may probe */
  constructor(breaker: IBreaker, openMs: number) {
    const { circuitBreaker, handleWhenResult } = loadCockatiel();
    this.#openMs = openMs;
    this.#policy = circuitBreaker(
      handleWhenResult((verdict) => verdict === Verdict.Broken),
      { breaker, halfOpenAfter: { next: () => this.#opened() } },
    );
  }

  get state(): CircuitState {
    return STATES[this.#policy.state] ?? CircuitState.Open;
  }

  /** The state, if it is another than when this was last asked: each change is told once, however many calls run. */
  takeChange(): CircuitState | null {
    const { state } = this;
    if (state === this.#told || state === CircuitState.HalfOpen) return null;
    this.#told = state;
    return state;
  }

  /** How long until a call may be let through, in ms; null if one may now. */
  refusedForMs(clock: Clock): number | null {
    if (this.state === CircuitState.Closed) return null;
    if (this.state === CircuitState.HalfOpen) return 0;
    const leftMs = this.#probeAt - clock.now();
    return leftMs > 0 ? leftMs : null;
  }

  /** Runs a call that is not refused. */
  async run(ctx: StageContext, next: Next, judge: (output: StageOutput) => Verdict): Promise<StageOutput> {
    this.#clock = ctx.clock;
    const isProbe = this.state !== CircuitState.Closed;
    let running: Promise<StageOutput> | undefined;
    const call = async (): Promise<Verdict> => {
      running = next();
      const verdict = isProbe ? await probed(ctx, running, judge) : judge(await running);
      if (verdict !== Verdict.Unclear) return verdict;
      if (!isProbe) throw UNCLEAR;
      // A call from before it opened may have failed meanwhile, and opened it again: then that counts.
      this.#unclearProbe = this.state === CircuitState.HalfOpen;
      return Verdict.Broken;
    };
    try {
      await this.#policy.execute(call);
    } catch (error) {
      if (error !== UNCLEAR) throw error;
    }
    return running as Promise<StageOutput>;
  }

  /**
   * Cockatiel asks for the wait when it opens, and reads the duration whenever a call comes. It compares that with the time
   * of the machine; this answers by the clock of the run, so that tests can drive it.
   */
  #opened(): IBackoff<unknown> {
    const now = () => this.#clock?.now() ?? 0;
    this.#probeAt = this.#unclearProbe ? now() : now() + this.#openMs;
    this.#unclearProbe = false;
    const isWaiting = () => now() < this.#probeAt;
    return {
      get duration() {
        return isWaiting() ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
      },
      next: () => this.#opened(),
    };
  }
}

async function probed(
  ctx: StageContext,
  running: Promise<StageOutput>,
  judge: (output: StageOutput) => Verdict,
): Promise<Verdict> {
  try {
    return judge(await orCancelled(ctx, running));
  } catch {
    return Verdict.Unclear;
  }
}
