const LONGEST = 80;

/** A name as messages show it: in quotes, on one line whatever it contains. */
export function quote(name: string): string {
  return JSON.stringify(name);
}

/** For listings: plain names as they are, others in quotes with everything invisible spelt out. */
export function quoteIfNeeded(name: string): string {
  if (/^[\p{L}\p{M}\p{N}_.:/@-]+$/u.test(name)) return name;
  const spelt = (char: string) => `\\u{${char.codePointAt(0)!.toString(16)}}`;
  const escaped = name.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
  return `"${escaped.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, spelt)}"`;
}

/** Says what a value is, for messages about values of the wrong type. Never throws and never runs the value's code. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return value.length > LONGEST ? `${quote(value.slice(0, LONGEST))}…` : quote(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
