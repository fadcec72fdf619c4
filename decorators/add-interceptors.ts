import {
  type AbstractClass,
  type InterceptMetadata,
  readMetadata,
  readOwnMetadata,
  writeMetadata,
} from '../src/metadata/index.js';
import type { InterceptorLike, StageInstance } from '../src/stage/index.js';
import { type Misuse, startChecks } from './misuse.js';

/** What `@Intercept` and its short forms are on a class. */
export type StageDecorator = <C extends AbstractClass<StageInstance>>(target: C) => void;

/** Starts the checks of a decorator that adds interceptors: several of them may stand on a class, each once. */
export function startInterceptChecks(decorator: string, target: unknown): Misuse {
  return startChecks(decorator, 'intercept', target, (given) => saidOn(given)?.saidBy.includes(decorator) ?? false);
}

/**
 * Adds to the interceptors of a class. Decorators are applied from the bottom up, so what comes later stands above, and
 * further out.
 */
export function addInterceptors(target: Function, decorator: string, added: readonly InterceptorLike[]): void {
  const inherited = readMetadata('intercept', Object.getPrototypeOf(target))?.interceptors ?? [];
  const said = saidOn(target);
  const below = said?.interceptors.slice(inherited.length) ?? [];
  const metadata: InterceptMetadata = {
    interceptors: Object.freeze([...inherited, ...added, ...below]),
    saidBy: Object.freeze([...(said?.saidBy ?? []), decorator]),
  };
  writeMetadata('intercept', target, Object.freeze(metadata));
}

function saidOn(target: Function): InterceptMetadata | undefined {
  return readOwnMetadata('intercept', target);
}
