import type { Token } from '../metadata/index.js';
import { inNamespace } from '../stage/index.js';
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

/** A module as one part of a pipeline. */
export interface Component {
  readonly module: ModuleNode;
  /** The prefixes on the way to it; '' for none. */
  readonly namespace: string;
}

/** What a pipeline is made of, in the order of `withImports`; a module that it reaches under two prefixes is there twice. */
export function componentsOf(pipeline: ModuleNode): readonly Component[] {
  const seen = new Map<ModuleNode, Set<string>>();
  const components: Component[] = [];
  const pending: Component[] = [{ module: pipeline, namespace: '' }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { module, namespace } = next;
    const namespaces = seen.get(module) ?? new Set();
    if (namespaces.has(namespace)) continue;
    seen.set(module, namespaces.add(namespace));
    components.push(next);
    for (const imported of module.imports.toReversed()) {
      pending.push({ module: imported, namespace: inNamespace(namespace, imported.prefix) });
    }
  }
  return components;
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
