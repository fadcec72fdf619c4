import type { Step } from './field-path.js';
import { fieldNames, hasPlainItems } from './fields.js';
import { leafProblem } from './leaf-problem.js';
import { kindOf, PayloadKind } from './payload-kind.js';
import type { PayloadProblem } from './payload-problem.js';
import { Trail } from './trail.js';

/**
 * What in `value` cannot travel, each with its path; empty if `encodePayload` will accept it. Encodes nothing, copies
 * nothing, runs no getter. At most 1,000 problems are listed.
 * @param root what the paths begin with
 */
export function findUnencodable(value: unknown, root = 'value'): readonly PayloadProblem[] {
  const trail = new Trail<true>(root);
  check(value, null, trail);
  return trail.problems;
}

function check(value: unknown, step: Step, trail: Trail<true>): void {
  if (typeof value !== 'object' || value === null) {
    const problem = leafProblem(value);
    if (problem !== null) trail.refuse(step, problem);
    return;
  }
  if (trail.known(value) || !trail.enter(value, step)) return;
  try {
    checkObject(value, trail);
  } catch {
    trail.refuse(null, 'cannot be read: looking at it throws');
  }
  trail.leave(value, true);
}

function checkObject(value: object, trail: Trail<true>): void {
  switch (kindOf(value)) {
    case PayloadKind.Record:
      for (const name of fieldNames(value, trail)) check((value as Record<string, unknown>)[name], name, trail);
      break;
    case PayloadKind.Array:
      checkItems(value as unknown[], trail);
      break;
    case PayloadKind.Map:
      checkEntries(value as Map<unknown, unknown>, trail);
      break;
    case PayloadKind.Set: {
      let entry = 0;
      for (const item of value as Set<unknown>) check(item, { entry: entry++, side: 'item' }, trail);
      break;
    }
    default: {
      const problem = leafProblem(value);
      if (problem !== null) trail.refuse(null, problem);
    }
  }
}

function checkItems(value: readonly unknown[], trail: Trail<true>): void {
  if (!hasPlainItems(value, trail)) return;
  for (let index = 0; index < value.length; index++) check(value[index], index, trail);
}

function checkEntries(value: Map<unknown, unknown>, trail: Trail<true>): void {
  let entry = 0;
  for (const [key, inner] of value) {
    check(key, { entry, side: 'key' }, trail);
    check(inner, { entry, side: 'value' }, trail);
    entry++;
  }
}
