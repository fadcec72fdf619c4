import { posix } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';
import type { Sources } from './sources.js';

/** One import, re-export, dynamic import or `import('…')` type. */
export interface ImportRecord {
  /** As written. */
  readonly specifier: string;
  /** The imported file, for a relative specifier. */
  readonly path?: string;
  /** Erased by the compiler: nothing is loaded. */
  readonly isTypeOnly: boolean;
  readonly line: number;
}

/** What the rules ask about a file. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly ImportRecord[];
  readonly identifiers: readonly { readonly name: string; readonly line: number }[];
  /** Lines on which something is that the house does not use. */
  readonly enums: readonly number[];
  readonly defaultExports: readonly number[];
  /** Names this file exports by itself or under a name of its own. */
  readonly exportNames: readonly string[];
  /** Files of which it exports everything (`export *`). */
  readonly exportsAllOf: readonly string[];
}

export function parseSources(sources: Sources): ReadonlyMap<string, SourceFile> {
  return new Map([...sources].map(([path, text]) => [path, parseSource(path, text)]));
}

export function parseSource(path: string, text: string): SourceFile {
  const { program, module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors.map(({ message }) => message).join('; ')}`);
  const lineAt = lineFinder(text);
  const identifiers = new Map<number, { name: string; line: number }>();
  const imports: ImportRecord[] = [];
  const enums: number[] = [];
  const add = (specifier: string, offset: number, isTypeOnly: boolean) =>
    imports.push({ specifier, ...resolve(path, specifier), isTypeOnly, line: lineAt(offset) });
  const name = (node: { name: string; start: number }) =>
    identifiers.set(node.start, { name: node.name, line: lineAt(node.start) });

  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.start, node.importKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source.value, node.start, node.exportKind === 'type'),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) add(node.source.value, node.start, node.exportKind === 'type');
    },
    ImportExpression: (node) => {
      if (node.source.type === 'Literal') add(String(node.source.value), node.start, false);
    },
    TSImportType: (node) => add(node.source.value, node.start, true),
    TSEnumDeclaration: (node) => enums.push(lineAt(node.start)),
    Identifier: name,
    PrivateIdentifier: name,
    // The words of `new.target` and `import.meta` are the language's.
    'MetaProperty:exit': (node) => identifiers.delete(node.meta.start),
  }).visit(program);

  const exported = module.staticExports.flatMap(({ entries }) => entries);
  return {
    path,
    text,
    imports,
    identifiers: [...identifiers.values()],
    enums,
    defaultExports: exported.filter(isDefault).map(({ start }) => lineAt(start)),
    exportNames: exported.flatMap((entry) => (isDefault(entry) ? 'default' : (entry.exportName.name ?? []))),
    exportsAllOf: exported.flatMap((entry) => {
      const source = entry.importName.kind === 'AllButDefault' ? entry.moduleRequest?.value : undefined;
      return source === undefined ? [] : [resolve(path, source).path ?? source];
    }),
  };
}

function isDefault({ exportName }: { exportName: { kind: string; name: string | null } }): boolean {
  return exportName.kind === 'Default' || exportName.name === 'default';
}

function resolve(from: string, specifier: string): { path?: string } {
  if (!specifier.startsWith('.')) return {};
  return { path: posix.join(posix.dirname(from), specifier).replace(/\.([cm]?)js$/, '.$1ts') };
}

function lineFinder(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}
