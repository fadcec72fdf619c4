/** How the wait grows from attempt to attempt. */
export const BackoffStrategy = { Exponential: 'exponential', Linear: 'linear', Constant: 'constant' } as const;
export type BackoffStrategy = (typeof BackoffStrategy)[keyof typeof BackoffStrategy];

/**
 * How waits are spread, so that those who failed together do not come back together: not at all, anywhere from 0 to the
 * whole wait, over its second half, or anywhere up to three times the wait before.
 */
export const BackoffJitter = { None: 'none', Full: 'full', Equal: 'equal', Decorrelated: 'decorrelated' } as const;
export type BackoffJitter = (typeof BackoffJitter)[keyof typeof BackoffJitter];

export interface BackoffOptions {
  /** Wait before the second attempt, in ms. Default 100. */
  readonly delayMs?: number;
  /** Default exponential. */
  readonly strategy?: BackoffStrategy;
  /** For exponential: each further wait is this many times the one before. Default 2. */
  readonly factor?: number;
  /** No wait is longer, in ms, unless the stage or its provider asked for it. Default 30,000. */
  readonly maxDelayMs?: number;
  /** Default none. Decorrelated grows by itself: strategy and factor do not matter to it. */
  readonly jitter?: BackoffJitter;
  /** Gives numbers from 0 to 1, 1 excluded. Default `Math.random`; seed it in tests. */
  readonly random?: () => number;
}

/** The wait after `attempt`, at most `maxDelayMs`. @param beforeMs the wait before the last attempt; null after the first */
export function backoffMs(options: Required<BackoffOptions>, attempt: number, beforeMs: number | null): number {
  const { jitter, random, delayMs, maxDelayMs } = options;
  if (jitter === BackoffJitter.Decorrelated) {
    const low = Math.min(delayMs, maxDelayMs);
    const high = Math.min(Math.max(low, (beforeMs ?? delayMs) * 3), maxDelayMs);
    return low + unit(random) * (high - low);
  }
  const grown = grownMs(options, attempt);
  if (jitter === BackoffJitter.Full) return unit(random) * grown;
  if (jitter === BackoffJitter.Equal) return grown / 2 + (unit(random) * grown) / 2;
  return grown;
}

function grownMs({ strategy, delayMs, factor, maxDelayMs }: Required<BackoffOptions>, attempt: number): number {
  if (delayMs === 0) return 0; // 0 times an overflowed factor is NaN
  if (strategy === BackoffStrategy.Constant) return Math.min(delayMs, maxDelayMs);
  if (strategy === BackoffStrategy.Linear) return Math.min(delayMs * attempt, maxDelayMs);
  return Math.min(delayMs * factor ** (attempt - 1), maxDelayMs);
}

/** A source of chance that gives anything else than a number from 0 to 1 must not break the bounds. */
function unit(random: () => number): number {
  const value = random();
  return value >= 0 && value <= 1 ? value : 0;
}
