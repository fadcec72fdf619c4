/** A property of anything at all; undefined where there is none, and where looking at it throws. */
export function readSafely(value: unknown, key: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  try {
    return (value as Readonly<Record<string, unknown>>)[key];
  } catch {
    return undefined; // a getter that throws, a revoked proxy
  }
}

/** The same, if it is text that says something. */
export function readText(value: unknown, key: string): string | undefined {
  const text = readSafely(value, key);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** The same, if it is true or false. */
export function readBoolean(value: unknown, key: string): boolean | undefined {
  const flag = readSafely(value, key);
  return typeof flag === 'boolean' ? flag : undefined;
}
