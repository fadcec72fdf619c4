/* How Nest records what it provides. Read through what its public API hands out; the same in Nest 11 and 12. */
import type { DiscoveryService, ModulesContainer } from '@nestjs/core';
import type { ModuleLike } from '../metadata/index.js';

/** One provider of one Nest module: how it is made, and its instances. */
export type Wrapper = ReturnType<DiscoveryService['getProviders']>[number];
export type NestModule = NonNullable<Wrapper['host']>;

/** Under this every Nest module made of a module of ours says which one it is. */
export const MODULE_KEY: unique symbol = Symbol('stageflow module');

/** The Nest modules of one application that were made of modules of ours. */
export function nestModules(container: ModulesContainer): ReadonlyMap<ModuleLike, NestModule> {
  const found = new Map<ModuleLike, NestModule>();
  for (const module of container.values()) {
    const key = module.providers.get(MODULE_KEY)?.instance as ModuleLike | undefined;
    if (key !== undefined) found.set(key, module);
  }
  return found;
}

/** The provider of a token wherever in the application it is. */
export function wrapperOf(container: ModulesContainer, token: Function): Wrapper | undefined {
  for (const module of container.values()) {
    const wrapper = module.providers.get(token);
    if (wrapper !== undefined) return wrapper;
  }
  return undefined;
}

export function nameOfWrapper({ token, name }: Wrapper): string {
  if (typeof token === 'function') return token.name;
  return typeof token === 'object' ? String(token) : String(name ?? token);
}

/** What Nest gives for each parameter; a hole where there is nothing. Undefined: not recorded, or no parameters. */
export function dependenciesOf(wrapper: Wrapper): readonly (Wrapper | undefined)[] {
  return (wrapper.getCtorMetadata() as readonly (Wrapper | undefined)[] | undefined) ?? [];
}

/** Providers and all they need, each after what it needs. What stands in a circle comes where it is met first. */
export function inOrder(
  roots: readonly Wrapper[],
  follows: (wrapper: Wrapper) => boolean = () => true,
): readonly Wrapper[] {
  const ordered: Wrapper[] = [];
  const seen = new Set<Wrapper>();
  const stack: { readonly wrapper: Wrapper; readonly needs: readonly (Wrapper | undefined)[]; next: number }[] = [];
  const enter = (wrapper: Wrapper | undefined): void => {
    if (wrapper === undefined || seen.has(wrapper) || !follows(wrapper)) return;
    seen.add(wrapper);
    const properties = wrapper.getPropertiesMetadata()?.map((property) => property.wrapper) ?? [];
    stack.push({ wrapper, needs: [...dependenciesOf(wrapper), ...properties], next: 0 });
  };
  for (const root of roots) {
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (top.next < top.needs.length) enter(top.needs[top.next++]);
      else ordered.push((stack.pop() as typeof top).wrapper);
    }
  }
  return ordered;
}
