import type {} from 'reflect-metadata'; // types only: decorators/ loads the code
import { isToken, type LazyToken, type Token } from './token.js';

/** What one source, such as another library's decorators, says of one parameter. */
export interface ParameterFacts {
  readonly token?: Token | LazyToken;
  readonly optional?: boolean;
  readonly multiple?: boolean;
  /** The token is named late, but the class expects the object itself. */
  readonly standIn?: boolean;
  readonly transform?: ParameterTransform;
}

/** tsyringe's `@injectWithTransform`: what is injected is `transform(resolved, ...args)`. */
export interface ParameterTransform {
  readonly token: Token;
  readonly args: readonly unknown[];
}

export type ParameterFactsByIndex = ReadonlyMap<number, ParameterFacts>;

const NEST_TOKENS = 'self:paramtypes';
const NEST_OPTIONALS = 'optional:paramtypes';
const TSYRINGE_TOKENS = 'injectionTokens';

const own = (key: string, target: Function): unknown => Reflect.getOwnMetadata?.(key, target);
const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** The types the compiler emitted for exactly this class, as it left them or as tsyringe rewrote them. */
export function emittedTypes(target: Function): readonly unknown[] {
  const types = own('design:paramtypes', target);
  return Array.isArray(types) ? types : [];
}

/** What the decorators of other libraries wrote on exactly this class, the weakest first; nothing for those that wrote nothing. */
export function foreignParameters(target: Function, types: readonly unknown[]): readonly ParameterFactsByIndex[] {
  const written: readonly unknown[] = Reflect.getOwnMetadataKeys?.(target) ?? [];
  const layers: ParameterFactsByIndex[] = [];
  if (written.includes(TSYRINGE_TOKENS) || types.some(isDescriptor)) layers.push(tsyringeParameters(target, types));
  if (written.includes(NEST_TOKENS) || written.includes(NEST_OPTIONALS)) layers.push(nestParameters(target));
  return layers;
}

/** What Nest's `@Inject` and `@Optional` wrote. */
function nestParameters(target: Function): ParameterFactsByIndex {
  const found = new Map<number, ParameterFacts>();
  const tokens = own(NEST_TOKENS, target);
  for (const entry of Array.isArray(tokens) ? tokens : []) {
    const index = field(entry, 'index');
    if (typeof index === 'number') found.set(index, readToken(field(entry, 'param')));
  }
  const optionals = own(NEST_OPTIONALS, target);
  for (const index of Array.isArray(optionals) ? optionals : []) {
    found.set(index, { ...found.get(index), optional: true });
  }
  return found;
}

/** What tsyringe's `@inject`, `@injectAll` and their kin wrote: apart, and in place over the emitted types. */
function tsyringeParameters(target: Function, types: readonly unknown[]): ParameterFactsByIndex {
  const found = new Map<number, ParameterFacts>();
  types.forEach((type, index) => {
    if (isDescriptor(type)) found.set(index, readDescriptor(type));
  });
  const tokens = own(TSYRINGE_TOKENS, target);
  if (typeof tokens === 'object' && tokens !== null) {
    for (const [index, descriptor] of Object.entries(tokens)) found.set(Number(index), readDescriptor(descriptor));
  }
  return found;
}

/** tsyringe puts what it knows in the place of an emitted type, which is a class. */
function isDescriptor(type: unknown): boolean {
  return typeof type === 'object' && type !== null;
}

function readDescriptor(value: unknown): ParameterFacts {
  const token = field(value, 'token');
  if (token === undefined) return readToken(value);
  const transform = field(value, 'transform');
  const args = field(value, 'transformArgs');
  return {
    ...readDescriptor(token),
    ...(field(value, 'multiple') === true ? { multiple: true } : {}),
    ...(field(value, 'isOptional') === true ? { optional: true } : {}),
    ...(isToken(transform) ? { transform: { token: transform, args: Array.isArray(args) ? args : [] } } : {}),
  };
}

/** A token, Nest's `forwardRef(() => T)` or tsyringe's `delay(() => T)`; nothing for what is none of these. */
function readToken(value: unknown): ParameterFacts {
  const late = field(value, 'forwardRef') ?? field(value, 'wrap');
  if (typeof late === 'function') return { token: { lazyToken: late as () => Token }, standIn: true };
  return isToken(value) ? { token: value } : {};
}
