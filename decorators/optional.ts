import type { RefuseUndefined } from './injection-check.js';
import { writeParameter } from './write-parameter.js';

/**
 * Injects `undefined` where nobody provides what a constructor parameter asks for, instead of refusing to start. Does
 * not compile on a parameter that cannot be `undefined`.
 * @throws DefinitionError with METADATA_OPTION_INVALID, when the class is loaded.
 */
export function Optional(): <C, I extends number>(
  target: C,
  property: undefined,
  index: I & RefuseUndefined<C, I>,
) => void {
  return (target, property, index) => {
    writeParameter('@Optional', target, property, { index, optional: true });
  };
}
