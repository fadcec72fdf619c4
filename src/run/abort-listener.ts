import { setMaxListeners } from 'node:events';

const unlimited = new WeakSet<AbortSignal>();

/**
 * Calls `onAbort` when the caller's signal aborts, or at once if it has. In a function of its own: a closure assigned
 * inside the run would be allocated so that everything it holds survives young collections.
 * @returns a function that stops listening
 */
export function listenToAbort(signal: AbortSignal, onAbort: (reason: unknown) => void): () => void {
  if (signal.aborted) {
    onAbort(signal.reason);
    return () => {};
  }
  // One signal may govern any number of runs; Node would print a warning at the eleventh.
  if (!unlimited.has(signal)) {
    setMaxListeners(0, signal);
    unlimited.add(signal);
  }
  const listener = (): void => onAbort(signal.reason);
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}
