const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g;

/**
 * Whether an object of a JSON text has one key twice. `JSON.parse` takes the last, others take the first, and so two
 * readers of one signed text may see two different callers.
 *
 * @param json must be valid JSON
 */
export function hasRepeatedKeys(json: string): boolean {
  /** The keys seen in each open object; `null` stands for an array. */
  const open: (Set<string> | null)[] = [];
  let expectsKey = false;
  for (const [text] of json.matchAll(TOKENS)) {
    const keys = open.at(-1) ?? null;
    if (text === '{' || text === '[') {
      open.push(text === '{' ? new Set() : null);
      expectsKey = text === '{';
    } else if (text === '}' || text === ']') {
      open.pop();
      expectsKey = false;
    } else if (text === ',') {
      expectsKey = keys !== null;
    } else if (expectsKey && keys !== null) {
      const key: string = JSON.parse(text);
      if (keys.has(key)) return true;
      keys.add(key);
      expectsKey = false;
    }
  }
  return false;
}
