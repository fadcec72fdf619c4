import { type ParameterMetadata, readOwnMetadata, writeMetadata } from '../src/metadata/index.js';
import { isClass, Misuse } from './misuse.js';

/**
 * Adds one fact about a constructor parameter to what is known of it. The list is each class's own: a subclass with a
 * constructor of its own has other parameters.
 */
export function writeParameter(
  decorator: string,
  target: unknown,
  property: string | symbol | undefined,
  fact: ParameterMetadata,
  check?: (misuse: Misuse) => void,
): void {
  const misuse = new Misuse(decorator, isClass(target) ? target : (target as object).constructor);
  if (property !== undefined || !isClass(target)) {
    const fix = `Put ${decorator} before a parameter of a constructor.`;
    misuse.add(`stands on a parameter of method "${String(property)}".`, fix, { method: String(property) });
    misuse.throwIfAny();
    return;
  }
  const known = readOwnMetadata('parameters', target) ?? [];
  const same = known.find(({ index }) => index === fact.index);
  if (same !== undefined && Object.keys(fact).some((key) => key !== 'index' && key in same)) {
    misuse.add(`is applied twice to constructor parameter ${fact.index + 1}.`, 'Keep one of them.', {
      index: fact.index,
    });
  }
  check?.(misuse);
  misuse.throwIfAny();
  const others = known.filter((parameter) => parameter !== same);
  const parameters = [...others, Object.freeze({ ...same, ...fact })].sort((a, b) => a.index - b.index);
  writeMetadata('parameters', target, Object.freeze(parameters));
}
