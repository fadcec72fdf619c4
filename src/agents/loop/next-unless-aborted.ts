/** The next of an iterator, or the reason of the signal: an iterator that does not heed its signal is not waited for. */
export async function nextUnlessAborted<T>(
  iterator: AsyncIterator<T>,
  signal: AbortSignal,
): Promise<IteratorResult<T>> {
  if (signal.aborted) return stop(iterator, signal);
  let abort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([iterator.next(), aborted]);
  } catch (error) {
    if (!signal.aborted) throw error;
    return stop(iterator, signal);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Tells the iterator to close; whether and how it does changes nothing any more. */
function stop(iterator: AsyncIterator<unknown>, signal: AbortSignal): never {
  iterator.return?.()?.then(undefined, () => {});
  throw signal.reason;
}
