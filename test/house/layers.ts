import type { ImportRecord, SourceFile } from './source-file.js';

type Files = ReadonlyMap<string, SourceFile>;

/** The rows of the house. A folder imports only folders of a strictly lower row. */
export const ROWS: readonly (readonly string[])[] = [
  ['src/errors', 'src/clock'],
  ['src/payload', 'src/contracts', 'src/masking', 'src/sql', 'src/diff'],
  ['src/context', 'src/events', 'src/auth', 'src/artifacts'],
  ['src/stage'],
  ['src/interceptors', 'src/tools', 'src/metadata'],
  ['src/graph', 'src/approvals'],
  ['src/run'],
  ['src/pipeline', 'src/agents', 'src/observability', 'src/journal'],
  ['src/container'],
  ['src/testing', 'src/nestjs', 'src/cli', 'src/mcp'],
];
/** Decorators stand beside the rows: they see what metadata sees, and metadata; of src, only the barrels see them. */
const DECORATORS = 'decorators';
const DECORATORS_SEE_BELOW_ROW = 5;
/** The files that open the house. They may import everything; no folder imports them. */
const BARRELS = ['src/index.ts', 'src/core.ts'];

/** Imports that go up, sideways, past an index, or to a package that package.json does not declare. */
export function layerProblems(files: Files, packages: readonly string[]): string[] {
  return [...files.values()].flatMap((file) => {
    if (folderOf(file.path) === undefined) return [`${file.path}: belongs to no row of the house.`];
    return file.imports.flatMap((record) => {
      const message = layerMistake(file.path, record, packages);
      return message === undefined ? [] : [`${file.path}:${record.line}: ${message}`];
    });
  });
}

function layerMistake(from: string, record: ImportRecord, packages: readonly string[]): string | undefined {
  if (record.path === undefined) return packageMistake(record.specifier, packages);
  const [own, other] = [folderOf(from), folderOf(record.path)];
  if (other === undefined) return `imports ${record.path}, which belongs to no row of the house.`;
  if (own === other && !BARRELS.includes(other)) return undefined;
  if (!mayImport(own ?? from, other)) return `${own} may not import ${other}.`;
  return record.path === `${other}/index.ts` || BARRELS.includes(other)
    ? undefined
    : `imports ${record.path} past ${other}/index.js.`;
}

function mayImport(own: string, other: string): boolean {
  if (BARRELS.includes(own)) return other !== own;
  if (BARRELS.includes(other) || other === DECORATORS) return false;
  return rowOf(other) < (own === DECORATORS ? DECORATORS_SEE_BELOW_ROW : rowOf(own));
}

function packageMistake(specifier: string, packages: readonly string[]): string | undefined {
  if (specifier.startsWith('node:')) return undefined;
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  return packages.includes(name) ? undefined : `imports "${name}", which package.json does not declare.`;
}

/** `src/run` for `src/run/deep/file.ts`; a barrel stands for itself. */
function folderOf(path: string): string | undefined {
  if (BARRELS.includes(path)) return path;
  const [top = '', folder = ''] = path.split('/');
  if (top === DECORATORS) return DECORATORS;
  return ROWS.flat().find((known) => known === `${top}/${folder}` && path !== known);
}

function rowOf(folder: string): number {
  return ROWS.findIndex((row) => row.includes(folder));
}

/** Circles of imports, type-only ones included, as paths. Every file that is on a circle is on one of them. */
export function importCycles(files: Files): string[] {
  const finished = new Set<string>();
  const cycles: string[] = [];
  for (const path of [...files.keys()].sort()) {
    if (finished.has(path)) continue;
    const cycle = shortestPaths(path, files, () => true).get(path);
    if (cycle === undefined) continue;
    for (const member of cycle) finished.add(member);
    cycles.push([path, ...cycle].join(' -> '));
  }
  return cycles;
}

/** For each file or package that loading `start` loads: the way there, `start` excluded. */
export function runtimeReach(start: string, files: Files): ReadonlyMap<string, readonly string[]> {
  return shortestPaths(start, files, (record) => !record.isTypeOnly);
}

/** The shortest way from `start` to each file or package, and to itself if it is on a circle. */
function shortestPaths(start: string, files: Files, follow: (record: ImportRecord) => boolean): Map<string, string[]> {
  const ways = new Map<string, string[]>();
  const queue: [string, string[]][] = [[start, []]];
  for (const [path, way] of queue) {
    for (const record of files.get(path)?.imports ?? []) {
      const target = record.path ?? record.specifier;
      if (ways.has(target) || !follow(record)) continue;
      ways.set(target, [...way, target]);
      queue.push([target, [...way, target]]);
    }
  }
  return ways;
}
