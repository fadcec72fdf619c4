/**
 * Waits for what others do, but no longer than the call lives: whether they heed the signal themselves or not.
 * What comes too late is dropped. Rejects with the reason of the signal.
 */
export function untilAborted<T>(pending: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    const leave = (): void => signal.removeEventListener('abort', abort);
    // What was asked of others has begun, so it is always listened to: a late rejection is nobody else's.
    Promise.resolve(pending).then(resolve, reject).then(leave);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}
