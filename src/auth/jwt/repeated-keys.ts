/**
 * Whether an object of a JSON text has one key twice. `JSON.parse` takes the last, others take the first, and so two
 * readers of one signed text may see two different callers.
 *
 * @param json must be valid JSON
 */
export function hasRepeatedKeys(json: string): boolean {
  /** The keys seen in each open object; `null` stands for an array. */
  const open: (Set<string> | null)[] = [];
  let keys: Set<string> | null = null;
  let expectsKey = false;
  for (let at = 0; at < json.length; at++) {
    const letter = json[at];
    if (letter === '"') {
      const end = endOfText(json, at);
      if (expectsKey && keys !== null) {
        const key = keyIn(json.slice(at, end + 1));
        if (keys.has(key)) return true;
        keys.add(key);
        expectsKey = false;
      }
      at = end;
    } else if (letter === '{' || letter === '[') {
      keys = letter === '{' ? new Set() : null;
      open.push(keys);
      expectsKey = letter === '{';
    } else if (letter === '}' || letter === ']') {
      open.pop();
      keys = open.at(-1) ?? null;
      expectsKey = false;
    } else if (letter === ',') {
      expectsKey = keys !== null;
    }
  }
  return false;
}

/** Where the text that starts at a quote ends: at the next quote that is not escaped. */
function endOfText(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at;
  }
  return json.length;
}

/** Two spellings of one key are one key. */
function keyIn(text: string): string {
  return text.includes('\\') ? JSON.parse(text) : text.slice(1, -1);
}
