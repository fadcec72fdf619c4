import { readConstructorSource, type SourceParameter } from './constructor-source.js';
import {
  emittedTypes,
  foreignParameters,
  type ParameterFacts,
  type ParameterFactsByIndex,
  type ParameterTransform,
} from './foreign-parameters.js';
import { readOwnMetadata } from './metadata-store.js';
import type { AbstractClass, LazyToken, Token } from './token.js';

/** One constructor parameter as the container sees it. */
export interface ConstructorParameter {
  readonly index: number;
  /** The name in the source where it can be read, else `#0`. For messages only. */
  readonly name: string;
  /** What to inject; undefined if the type was erased and nothing else says what to inject. */
  readonly token: Token | LazyToken | undefined;
  readonly optional: boolean;
  /** tsyringe's `@injectAll`: an array of everything registered under the token in the parent container. */
  readonly multiple: boolean;
  /** The parameter has a default value: without a token, `undefined` is passed and the default holds. */
  readonly hasDefault: boolean;
  /** tsyringe's `delay()`, Nest's `forwardRef()`: `token` is lazy, but the parameter is the object, not a `Lazy`. */
  readonly standIn: boolean;
  /** tsyringe's `@injectWithTransform`; null for none. */
  readonly transform: ParameterTransform | null;
}

/** What the compiler leaves of a type it cannot name. Nobody means these as tokens. */
const ERASED: ReadonlySet<unknown> = new Set([
  Object,
  Function,
  String,
  Number,
  Boolean,
  Symbol,
  BigInt,
  Array,
  Promise,
  undefined,
  null,
]);

/**
 * What a class wants in its constructor. Our own decorators win over Nest's, those over tsyringe's, and all of them over
 * the emitted types. The lists of a class are its own: a parent's count only where the parent's constructor is used.
 */
export function constructorParameters(target: AbstractClass): readonly ConstructorParameter[] {
  const owner = constructorOwner(target);
  if (owner === undefined) return [];
  const types = emittedTypes(owner);
  const layers = layersOf(owner, types);
  const source = readConstructorSource(owner);
  const decorated = layers.flatMap((layer) => [...layer.keys()].map((index) => index + 1));
  const count = Math.max(owner.length, types.length, ...decorated);
  const parameters: ConstructorParameter[] = [];
  for (let index = 0; index < count; index++) {
    let facts = emittedFacts(types[index]);
    for (const layer of layers) facts = merge(facts, layer.get(index));
    parameters.push({
      index,
      name: source?.[index]?.name ?? `#${index}`,
      token: facts.token,
      optional: facts.optional ?? false,
      multiple: facts.multiple ?? false,
      hasDefault: hasDefault(owner, source, index),
      standIn: facts.standIn ?? false,
      transform: facts.transform ?? null,
    });
  }
  return parameters;
}

/** What decorators say of parameters, the weakest first. None for most classes. */
function layersOf(owner: AbstractClass, types: readonly unknown[]): readonly ParameterFactsByIndex[] {
  const ours = readOwnMetadata('parameters', owner);
  const all = foreignParameters(owner, types);
  return ours === undefined ? all : [...all, new Map(ours.map((record) => [record.index, record]))];
}

/** How a weaker source treats its own token says nothing about the token of a stronger one. */
function merge(weaker: ParameterFacts, stronger: ParameterFacts = {}): ParameterFacts {
  if (stronger.token === undefined) return { ...weaker, ...stronger };
  return { ...stronger, optional: stronger.optional ?? weaker.optional ?? false };
}

/** The class whose constructor runs: this one, or the nearest ancestor that declares one. */
export function constructorOwner(target: AbstractClass): AbstractClass | undefined {
  for (let owner: unknown = target; isClass(owner); owner = Object.getPrototypeOf(owner)) {
    if (declaresConstructor(owner)) return owner;
  }
  return undefined;
}

function declaresConstructor(target: AbstractClass): boolean {
  return target.length > 0 || emittedTypes(target).length > 0 || readConstructorSource(target) !== undefined;
}

function isClass(value: unknown): value is AbstractClass {
  return typeof value === 'function' && value !== Function.prototype;
}

function emittedFacts(type: unknown): ParameterFacts {
  return typeof type === 'function' && !ERASED.has(type) ? { token: type as AbstractClass } : {};
}

/** `length` counts up to the first default, so what follows a default is told apart by the source. */
function hasDefault(owner: AbstractClass, source: readonly SourceParameter[] | undefined, index: number): boolean {
  return index >= owner.length && (source?.[index]?.hasDefault ?? true);
}
