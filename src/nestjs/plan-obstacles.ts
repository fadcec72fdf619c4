import { moduleRefOf } from './module-ref.js';
import { isPlainFactory } from './plain-factory.js';
import { dependenciesOf, nameOfWrapper, type Wrapper } from './wrappers.js';

/** Why a plan would not surely do what Nest does; null if it would. */
export function obstacleOf(wrapper: Wrapper): string | null {
  const name = nameOfWrapper(wrapper);
  const dependencies = dependenciesOf(wrapper);
  if (moduleRefOf(wrapper) === undefined) return `the module of ${name} cannot be asked`;
  if (isInstrumented(wrapper)) return 'the application instruments instances (instrument.instanceDecorator)';
  if (wrapper.isTransient) return `${name} is transient`;
  if (wrapper.isDependencyTreeDurable()) return `${name} is durable`;
  if (wrapper.forwardRef || dependencies.some((dependency) => dependency?.forwardRef)) {
    return `${name} is part of a circle of forwardRef()`;
  }
  if ((wrapper.getPropertiesMetadata()?.length ?? 0) > 0) return `${name} has properties injected`;
  if ((wrapper.getEnhancersMetadata()?.length ?? 0) > 0) return `${name} has guards, pipes or interceptors of Nest`;
  const transient = dependencies.find((dependency) => dependency?.isTransient);
  if (transient !== undefined) return `${name} needs ${nameOfWrapper(transient)}, which is transient`;
  const { metatype } = wrapper;
  if (typeof metatype !== 'function') return `${name} is made by nothing that is known`;
  if (wrapper.isFactory && !wrapper.isAlias && !isPlainFactory(metatype)) return `${name} comes from a factory`;
  for (let index = 0; index < dependencies.length; index++) {
    if (dependencies[index] === undefined) return `${name} asks for something optional that nobody provides`;
  }
  return null;
}

function isInstrumented(wrapper: Wrapper): boolean {
  const { container } = moduleRefOf(wrapper) as unknown as {
    readonly container?: {
      readonly contextOptions?: { readonly instrument?: { readonly instanceDecorator?: unknown } };
    };
  };
  return container === undefined || container.contextOptions?.instrument?.instanceDecorator !== undefined;
}

/** How many dependencies Nest has to have recorded. */
export function parameterCount({ isFactory, inject, metatype }: Wrapper): number {
  if (isFactory) return inject?.length ?? 0;
  const types = Reflect.getMetadata('design:paramtypes', metatype as Function) as readonly unknown[] | undefined;
  return Math.max(types?.length ?? 0, (metatype as Function).length);
}
