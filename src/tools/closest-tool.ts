const LONGEST_NAME = 64;

/** The name that `wanted` is probably a misspelling of. */
export function closestName(wanted: string, names: readonly string[]): string | undefined {
  if (wanted.length > LONGEST_NAME) return undefined;
  let limit = Math.max(wanted.length > 3 ? 2 : 1, Math.floor(wanted.length / 3)) + 1;
  let closest: string | undefined;
  for (const name of names) {
    const distance = editDistance(wanted.toLowerCase(), name.toLowerCase());
    if (distance < limit) [limit, closest] = [distance, name];
  }
  return closest;
}

function editDistance(a: string, b: string): number {
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, changed));
    }
    last = row;
  }
  return last[b.length] as number;
}
