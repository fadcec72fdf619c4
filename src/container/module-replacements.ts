import type { ModuleLike } from '../metadata/index.js';
import { isDynamic } from './module-graph.js';
import type { ProblemList } from './problem-list.js';

/** A module that another takes the place of, wherever it is imported. */
export interface ModuleReplacement {
  /** A class stands for itself and for every dynamic module made of it. */
  readonly module: ModuleLike;
  readonly by: ModuleLike;
}

/** What stands for imported modules. */
export class ModuleReplacements {
  readonly #replacements: readonly ModuleReplacement[];
  readonly #used = new Set<ModuleReplacement>();

  constructor(replacements: readonly ModuleReplacement[]) {
    this.#replacements = replacements;
  }

  /** What is read in the place of an imported module: itself, or what replaces it. */
  standFor(imported: ModuleLike): ModuleLike {
    const found = this.#replacements.find(({ module }) => isMeant(module, imported));
    if (found === undefined) return imported;
    this.#used.add(found);
    return found.by;
  }

  reportUnused(problems: ProblemList): void {
    for (const replacement of this.#replacements) {
      if (this.#used.has(replacement)) continue;
      const name = moduleName(replacement.module);
      problems.add(
        'DI_UNUSED_OVERRIDE',
        `The override of module ${name} replaces nothing: no module imports it.`,
        'Remove it, or override what is imported.',
        { module: name },
      );
    }
  }
}

function isMeant(module: ModuleLike, imported: ModuleLike): boolean {
  return module === imported || (isDynamic(imported) && imported.module === module);
}

function moduleName(module: ModuleLike): string {
  return isDynamic(module) ? module.module.name : module.name;
}
