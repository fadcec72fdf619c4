/** Every marker that can be found in a value: in text, keys, errors, collections, however deep. */
export function markersIn(value: unknown, pattern: RegExp): ReadonlySet<string> {
  const found = new Set<string>();
  const seen = new Set<object>();
  const queue: unknown[] = [value];
  // One growing list: depth costs no stack, and circles end.
  for (const item of queue) {
    if (typeof item === 'string') collect(item, pattern, found);
    else if (typeof item === 'object' && item !== null && !seen.has(item)) {
      seen.add(item);
      queue.push(...partsOf(item));
    }
  }
  return found;
}

function collect(text: string, pattern: RegExp, found: Set<string>): void {
  for (const [marker] of text.matchAll(pattern)) found.add(marker);
}

function partsOf(item: object): unknown[] {
  if (item instanceof Map) return [...item.keys(), ...item.values()];
  if (item instanceof Set) return [...item];
  if (ArrayBuffer.isView(item)) return [Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('latin1')];
  const parts: unknown[] = item instanceof Error ? [item.message, item.stack, item.cause] : [];
  for (const key of Object.keys(item)) parts.push(key, propertyOf(item, key));
  return parts;
}

function propertyOf(item: object, key: string): unknown {
  try {
    return (item as Record<string, unknown>)[key];
  } catch (error) {
    return error; // a getter that throws may tell something, too
  }
}
