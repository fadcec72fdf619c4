import { type FactoryProvider, type OnModuleDestroy } from '@nestjs/common';
import { ModuleRef, ModulesContainer } from '@nestjs/core';
import { DisposalList, disposeFailed } from '../container/index.js';
import { isPlainFactory } from './plain-factory.js';
import { inOrder, MODULE_KEY, type NestModule, nameOfWrapper, type Wrapper } from './wrappers.js';

/**
 * Disposes the singletons of one module (`Symbol.asyncDispose`, `Symbol.dispose`) when Nest destroys it, the last built
 * first, as an application without Nest does. Values stay with whoever made them.
 */
export class ModuleInstances implements OnModuleDestroy {
  static readonly provider: FactoryProvider = {
    provide: ModuleInstances,
    useFactory: (container: ModulesContainer, moduleRef: ModuleRef) => new ModuleInstances(container, moduleRef),
    inject: [ModulesContainer, ModuleRef],
  };
  readonly #container: ModulesContainer;
  readonly #moduleRef: ModuleRef;

  constructor(container: ModulesContainer, moduleRef: ModuleRef) {
    this.#container = container;
    this.#moduleRef = moduleRef;
  }

  /** @throws DI_DISPOSE_FAILED if something could not be disposed; everything else was */
  async onModuleDestroy(): Promise<void> {
    const module = this.#module();
    if (module === undefined) return;
    const built = [...module.providers.values()].filter((wrapper) => wrapper.host === module && isBuilt(wrapper));
    const owned = new DisposalList(this.#foreign(new Set(built)));
    for (const wrapper of inOrder(built, (other) => other.host === module)) {
      if (isBuilt(wrapper)) owned.add(wrapper.instance, nameOfWrapper(wrapper));
    }
    const failures = await owned.disposeAll();
    if (failures.length > 0) throw disposeFailed(`Module ${module.metatype.name}`, failures);
  }

  /** What a factory here has handed on without having made it. */
  #foreign(built: ReadonlySet<Wrapper>): ReadonlySet<unknown> {
    const wrappers = [...this.#container.values()].flatMap(({ providers }) => [...providers.values()]);
    return new Set(
      wrappers.filter((wrapper) => !built.has(wrapper) && !wrapper.isAlias).map(({ instance }) => instance),
    );
  }

  #module(): NestModule | undefined {
    return [...this.#container.values()].find(({ providers }) => {
      return providers.get(ModuleRef)?.instance === this.#moduleRef && providers.has(MODULE_KEY);
    });
  }
}

/** A singleton that a class of the module has become, not a value and not another name. */
function isBuilt(wrapper: Wrapper): boolean {
  const { metatype, isAlias } = wrapper;
  if (metatype === null || isAlias || wrapper.token === ModuleInstances || typeof metatype !== 'function') return false;
  if (wrapper.isTransient || !wrapper.isDependencyTreeStatic()) return false;
  return isPlainFactory(metatype) || wrapper.isFactory || metatype === wrapper.token;
}
