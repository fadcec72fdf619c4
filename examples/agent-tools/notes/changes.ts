import { diffText } from 'stageflow/diff';

/** What became of the notes, as a patch; empty if nothing did. */
export function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.map((name) => diffText(before.get(name) ?? '', after.get(name) ?? '', { name }).patch).join('');
}
