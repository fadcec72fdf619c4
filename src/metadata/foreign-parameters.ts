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

const own = (key: string, target: Function): unknown => Reflect.getOwnMetadata?.(key, target);
const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

/** The types the compiler emitted for exactly this class, as it left them or as tsyringe rewrote them. */
export function emittedTypes(target: Function): readonly unknown[] {
  const types = own('design:paramtypes', target);
  return Array.isArray(types) ? types : [];
}

/** What Nest's `@Inject` and `@Optional` wrote on exactly this class. */
export function nestParameters(target: Function): ParameterFactsByIndex {
  const found = new Map<number, ParameterFacts>();
  const tokens = own('self:paramtypes', target);
  for (const entry of Array.isArray(tokens) ? tokens : []) {
    const index = field(entry, 'index');
    if (typeof index === 'number') found.set(index, readToken(field(entry, 'param')));
  }
  const optionals = own('optional:paramtypes', target);
  for (const index of Array.isArray(optionals) ? optionals : []) {
    found.set(index, { ...found.get(index), optional: true });
  }
  return found;
}

/** What tsyringe's `@inject`, `@injectAll` and their kin wrote: apart, and in place over the emitted types. */
export function tsyringeParameters(target: Function): ParameterFactsByIndex {
  const found = new Map<number, ParameterFacts>();
  emittedTypes(target).forEach((type, index) => {
    if (typeof type === 'object' && type !== null) found.set(index, readDescriptor(type));
  });
  const tokens = own('injectionTokens', target);
  if (typeof tokens === 'object' && tokens !== null) {
    for (const [index, descriptor] of Object.entries(tokens)) found.set(Number(index), readDescriptor(descriptor));
  }
  return found;
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
