import { type ModuleLike, type Token, tokenName } from '../metadata/index.js';
import { isDynamic } from './module-graph.js';
import { nameValue, type ProblemList } from './problem-list.js';
import { visibleIn } from './visibility.js';
import type { ModuleNode } from './wiring-records.js';

/**
 * Fills `exported` of one module, after those of the modules it imports. An entry is a token the module provides or
 * sees, or a module it imports, all of whose exports are handed on.
 */
export function readExports(module: ModuleNode, problems: ProblemList): void {
  for (const entry of module.definition.exports) {
    const record = isDynamic(entry) || entry === undefined ? undefined : visibleIn(module, entry);
    if (record !== undefined) {
      module.exported.set(entry as Token, record);
      continue;
    }
    const reexported = importedAs(module, entry);
    for (const imported of reexported) {
      for (const [token, found] of imported.exported) {
        if (!module.exported.has(token)) module.exported.set(token, found);
      }
    }
    if (reexported.length === 0) reportBadExport(module, entry, problems);
  }
}

/** The imported modules an entry names: a dynamic module names itself, a class every one made of it. */
function importedAs(module: ModuleNode, entry: Token | ModuleLike): readonly ModuleNode[] {
  return module.imports.filter((imported) => imported.key === entry || imported.moduleClass === entry);
}

function reportBadExport(module: ModuleNode, entry: Token | ModuleLike, problems: ProblemList): void {
  const name = nameOf(entry);
  problems.add(
    'DI_BAD_EXPORT',
    `Module ${module.name} exports ${name}, which it neither provides nor imports.`,
    `Add it to the providers or imports of ${module.name}, or remove it from its exports.`,
    { module: module.name, token: name },
  );
}

function nameOf(entry: unknown): string {
  if (isDynamic(entry)) return entry.module.name;
  return entry === undefined || entry === null ? nameValue(entry) : tokenName(entry as Token);
}
