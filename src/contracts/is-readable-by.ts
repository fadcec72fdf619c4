import { StageflowError } from '../errors/index.js';
import type { Contract } from './contract.js';
import { labelOf } from './contract-label.js';
import { type Readability, type ReadProblem, unknown, verdictOf } from './readability.js';
import { subsetOf } from './subset.js';

export interface ReadabilityResult {
  readonly verdict: Readability;
  /** Empty if and only if the verdict is `yes`. */
  readonly problems: readonly ReadProblem[];
}

const MARKED = { marked: true };

/**
 * Whether every value that `producer` hands on keeps the contract of `consumer`: to check a pipeline before it runs.
 *
 * Compares the JSON Schemas of the two. Where those do not say all (rules of your own, refinements, transforms, patterns that
 * differ) it is `unknown`, and so it is for a contract without a JSON Schema. Refinements of other libraries than
 * class-validator and zod are not seen, nor that `@IsOptional` takes null. The same contract on both sides is `yes`: its
 * values need no second check.
 * @throws StageflowError with CONTRACT_UNCHECKABLE.
 */
export function isReadableBy(producer: Contract, consumer: Contract): ReadabilityResult {
  if (isSameContract(producer, consumer)) return result([]);
  try {
    return result(subsetOf(producer.toJsonSchema('output', MARKED), consumer.toJsonSchema('input', MARKED)));
  } catch (thrown) {
    if (!isUndescribed(thrown)) throw thrown;
    return result([unknown('', `cannot be compared: ${thrown.summary}`)]);
  }
}

function isSameContract(a: Contract, b: Contract): boolean {
  return a === b || (a.model === b.model && a.unknownKeys === b.unknownKeys && labelOf(a) === labelOf(b));
}

function isUndescribed(thrown: unknown): thrown is StageflowError {
  return (
    thrown instanceof StageflowError &&
    (thrown.code === 'CONTRACT_NO_JSON_SCHEMA' || thrown.code === 'CONTRACT_PEER_MISSING')
  );
}

function result(problems: readonly ReadProblem[]): ReadabilityResult {
  return Object.freeze({ verdict: verdictOf(problems), problems: Object.freeze([...problems]) });
}
