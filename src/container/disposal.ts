import { StageflowError } from '../errors/index.js';
import { messageOf } from '../stage/index.js';

/** One `dispose` that threw. */
export interface DisposeFailure {
  readonly provider: string;
  readonly error: unknown;
}

/** What one owner, the application or a run, has built and must dispose: each thing once, the last built first. */
export class DisposalList {
  readonly #owned = new Map<object, string>();
  readonly #foreign: { has(value: object): boolean };

  /** @param foreign knows what belongs to somebody else and is never disposed here. */
  constructor(foreign: { has(value: object): boolean }) {
    this.#foreign = foreign;
  }

  add(value: unknown, provider: string): void {
    if (isDisposable(value) && !this.#foreign.has(value) && !this.#owned.has(value)) this.#owned.set(value, provider);
  }

  /** Whether a value is not for somebody else to dispose. */
  has(value: object): boolean {
    return this.#owned.has(value) || this.#foreign.has(value);
  }

  get isEmpty(): boolean {
    return this.#owned.size === 0;
  }

  /** Disposes everything, whatever fails on the way. Empty afterwards. */
  async disposeAll(): Promise<readonly DisposeFailure[]> {
    const entries = [...this.#owned].reverse();
    this.#owned.clear();
    const failures: DisposeFailure[] = [];
    for (const [value, provider] of entries) {
      try {
        await dispose(value);
      } catch (error) {
        failures.push({ provider, error });
      }
    }
    return failures;
  }
}

type MaybeDisposable = { readonly [Symbol.asyncDispose]?: unknown; readonly [Symbol.dispose]?: unknown };

function isDisposable(value: unknown): value is object {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const { [Symbol.asyncDispose]: later, [Symbol.dispose]: now } = value as MaybeDisposable;
  return typeof later === 'function' || typeof now === 'function';
}

function dispose(value: object): unknown {
  const disposable = value as Record<symbol, () => unknown>;
  return (disposable[Symbol.asyncDispose] ?? disposable[Symbol.dispose])?.call(value);
}

/** One error for all that failed. */
export function disposeFailed(owner: string, failures: readonly DisposeFailure[]): StageflowError {
  const list = failures.map(({ provider, error }) => `${provider} (${messageOf(error)})`).join(', ');
  return new StageflowError({
    code: 'DI_DISPOSE_FAILED',
    message: `${owner} could not dispose ${list}. Everything else was disposed.`,
    fix: 'Make the dispose methods of these classes not throw.',
    details: { failures: failures.map(({ provider, error }) => ({ provider, message: messageOf(error) })) },
    cause: failures.length === 1 ? failures[0]?.error : new AggregateError(failures.map(({ error }) => error)),
  });
}
