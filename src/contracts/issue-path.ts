const LONGEST_KEY = 40;

/** `a.b[2].c`. Keys that are no identifiers are quoted and cut; keys that are objects show nothing of themselves. */
export function pathTo(path: string, key: unknown): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  if (typeof key !== 'string') return `${path}[${typeof key}]`;
  if (/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) && key.length <= LONGEST_KEY)
    return path === '' ? key : `${path}.${key}`;
  return `${path}[${JSON.stringify(key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key)}]`;
}
