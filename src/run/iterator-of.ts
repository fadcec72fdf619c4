/** An iterator of either kind. */
export interface AnyIterator {
  next(): unknown;
  return?(): unknown;
}

/** @returns null for what cannot be iterated; a text, which could be, is taken for a mistake */
export function iteratorOf(items: unknown): AnyIterator | null {
  if (typeof items !== 'object' || items === null) return null;
  const open = items as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  if (typeof open[Symbol.asyncIterator] === 'function') return open[Symbol.asyncIterator]?.() as AnyIterator;
  if (typeof open[Symbol.iterator] === 'function') return open[Symbol.iterator]?.() as AnyIterator;
  return null;
}
