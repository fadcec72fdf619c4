import type { Problem } from '../errors/index.js';
import { type ConstructorParameter, constructorOwner, constructorParameters } from './constructor-parameters.js';
import { emittedTypes } from './foreign-parameters.js';
import type { AbstractClass } from './token.js';

const WITHOUT_METADATA =
  'Compile with experimentalDecorators and emitDecoratorMetadata. tsc, vitest and `node --import @oxc-node/core/register` do, if the `include` of the nearest tsconfig.json covers the file; tsx and esbuild never do. Or say what to inject with @Inject(token) on every parameter.';

/** What a type that cannot be injected most likely was in the source, by the name of what the compiler left of it. */
const CURES: Readonly<Record<string, string>> = {
  String: 'Say which value with @Inject(token), or give the parameter a default.',
  Number: 'Say which value with @Inject(token), or give the parameter a default.',
  Boolean: 'Say which value with @Inject(token), or give the parameter a default.',
  Array: 'Say which list with @Inject(token), or give the parameter a default.',
  Promise: 'Inject what the promise resolves to, since factories may be async; say what that is with @Inject(token).',
};
const CURE_FOR_THE_REST =
  'If it is a class, import it by `import` instead of `import type`, from a file that does not import this one in a circle. For an interface, a function type or a union say what to inject with @Inject(token).';

/**
 * Everything that keeps the container from filling the constructor of a class: no emitted types at all, or types that
 * the compiler erased. Parameters with a token or a default value are fine.
 */
export function constructorProblems(target: AbstractClass): readonly Problem[] {
  const unknown = constructorParameters(target).filter((p) => p.token === undefined && !p.hasDefault);
  if (unknown.length === 0) return [];
  const emitted = emittedTypes(constructorOwner(target) ?? target);
  return emitted.length > 0
    ? unknown.map((parameter) => erased(target, parameter, emitted[parameter.index]))
    : [missing(target, unknown)];
}

function missing(target: AbstractClass, parameters: readonly ConstructorParameter[]): Problem {
  const names = parameters.map(nameOf);
  return {
    code: 'METADATA_MISSING',
    message: `The constructor of "${target.name}" carries no types, so nobody knows what to inject for ${names.join(', ')}.`,
    fix: WITHOUT_METADATA,
    details: { class: target.name, parameters: names },
  };
}

function erased(target: AbstractClass, parameter: ConstructorParameter, emitted: unknown): Problem {
  const type = typeof emitted === 'function' ? emitted.name : String(emitted);
  return {
    code: 'METADATA_ERASED',
    message: `Constructor parameter ${nameOf(parameter)} of "${target.name}" has a type that was erased at compile time; ${type} is all that is left of it.`,
    fix: CURES[type] ?? CURE_FOR_THE_REST,
    details: { class: target.name, parameter: parameter.name, index: parameter.index, type },
  };
}

function nameOf({ index, name }: ConstructorParameter): string {
  return name.startsWith('#') ? `number ${index + 1}` : `"${name}"`;
}
