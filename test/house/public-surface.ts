import type { SourceFile } from './source-file.js';

/** An entry point of the package and the source behind it. */
export interface EntryPoint {
  /** As users write it: `stageflow/core`. */
  readonly specifier: string;
  readonly path: string;
}

/** The entry points that package.json `exports`, files such as package.json itself excluded. */
export function entryPoints(manifest: { name: string; exports: Record<string, unknown> }): EntryPoint[] {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    const source = (target as Record<string, string>)['stageflow-source'];
    const specifier = manifest.name + subpath.slice(1);
    return typeof source === 'string' ? [{ specifier, path: source.replace(/^\.\//, '') }] : [];
  });
}

/** Every name, types included, that a file exports by itself or through `export *`. */
export function exportedNames(path: string, files: ReadonlyMap<string, SourceFile>): string[] {
  const names = new Set<string>();
  const queue = [path];
  for (const current of queue) {
    const file = files.get(current);
    if (file === undefined) throw new Error(`${path} exports everything of ${current}, which is no source file.`);
    for (const name of file.exportNames) if (current === path || name !== 'default') names.add(name);
    for (const source of file.exportsAllOf) if (!queue.includes(source)) queue.push(source);
  }
  return [...names].sort();
}

/** The whole surface as text, one name a line, so that a change of it is a change of a file. */
export function renderSurface(entries: readonly EntryPoint[], files: ReadonlyMap<string, SourceFile>): string {
  return entries
    .map(({ specifier, path }) => [specifier, ...exportedNames(path, files).map((name) => `  ${name}`), ''].join('\n'))
    .join('\n');
}
