import { type AccessRule, combineRules } from '../auth/index.js';
import { readOwnMetadata } from './metadata-store.js';

const NONE: readonly AccessRule[] = Object.freeze([]);

/**
 * The access rules of a stage, tool or module class: its own, combined with those of its ancestors as with those of a
 * module, so that a subclass lifts nothing but plain authentication, and that only by name.
 */
export function accessRulesOf(target: Function): readonly AccessRule[] {
  const parent: unknown = Object.getPrototypeOf(target);
  const inherited = typeof parent === 'function' && parent !== Function.prototype ? accessRulesOf(parent) : NONE;
  const own = readOwnMetadata('access', target)?.rules ?? NONE;
  return inherited.length === 0 && own.length === 0 ? NONE : combineRules(inherited, own);
}
