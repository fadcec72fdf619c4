import type { Token } from '../metadata/index.js';
import type { ModuleNode, ProviderRecord } from './wiring-records.js';

/** What a module sees: its own providers first, then the exports of its imports in the order of `imports`. */
export function visibleIn(module: ModuleNode, token: Token): ProviderRecord | undefined {
  const own = module.own.get(token);
  if (own !== undefined) return own;
  for (const imported of module.imports) {
    const exported = imported.exported.get(token);
    if (exported !== undefined) return exported;
  }
  return undefined;
}

/** A module and everything it imports, directly or not: itself first, then depth first in the order of `imports`. */
export function withImports(module: ModuleNode): ReadonlySet<ModuleNode> {
  const seen = new Set<ModuleNode>();
  const pending = [module];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    pending.push(...next.imports.toReversed());
  }
  return seen;
}
