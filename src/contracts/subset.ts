import type { Compare, Context } from './compare-context.js';
import { isJsonObject, type JsonSchema } from './json-schema.js';
import { literalFits } from './literal-fits.js';
import { isNarrower } from './narrower.js';
import { problem, Readability, type ReadProblem, unknown } from './readability.js';
import { type Branch, SchemaReader } from './schema-reader.js';
import { subsetOfArray } from './subset-array.js';
import { isDisjoint, subsetOfObject } from './subset-object.js';

/** Schemas that refer to each other in many ways could be walked for ever. */
const MOST_COMPARISONS = 50_000;

/**
 * Every way in which a value of `left` may fail `right`; none if all of them satisfy it.
 *
 * Owns: the comparison of two documents, their references included. A pair that is met again while it is being compared is
 * taken to fit, which is what makes recursive schemas end.
 * Invariant: a problem is a `no` only if some value of `left` is surely refused; nothing is left out of the answer because
 * it was not understood.
 */
export function subsetOf(left: JsonSchema, right: JsonSchema): ReadProblem[] {
  return contextOf(new SchemaReader(left), new SchemaReader(right)).compare(left, right, '');
}

export function contextOf(left: SchemaReader, right: SchemaReader): Context {
  const inProgress = new Map<unknown, Set<unknown>>();
  let comparisons = 0;
  const compare: Compare = (a, b, path) => {
    if (++comparisons > MOST_COMPARISONS) return [unknown(path, 'is too large to be compared')];
    const partners = inProgress.get(a) ?? new Set();
    if (partners.has(b) && isJsonObject(a)) return [];
    inProgress.set(a, partners.add(b));
    const alternatives = right.branches(b);
    const problems = left.branches(a).flatMap((branch) => branchFits(branch, alternatives, path, context));
    partners.delete(b);
    return problems;
  };
  const context: Context = { compare, left, right };
  return context;
}

/** In which ways values of one alternative may fail all of `rights`. */
export function branchFits(left: Branch, rights: readonly Branch[], path: string, context: Context): ReadProblem[] {
  if (rights.some(({ type, opaque, values }) => type === 'any' && opaque.length === 0 && values === undefined))
    return [];
  const literals = literalsOf(left);
  if (literals !== undefined) return literals.flatMap((value) => literalProblems(value, left, rights, path));
  if (left.type === 'any') return [unknown(path, 'may be anything, as far as the contract says')];
  const comparable = rights.filter((right) => isComparable(left, right));
  // Of several variants only those count that can be meant.
  const candidates =
    comparable.length < 2 ? comparable : comparable.filter((right) => !isDisjoint(left, right, context));
  const attempts = candidates.map((right) => [
    ...isNarrower(left, right, path),
    ...subsetOfArray(left, right, path, context),
    ...subsetOfObject(left, right, path, context),
  ]);
  if (attempts.some((problems) => problems.length === 0)) return [];
  const [only] = attempts;
  if (attempts.length === 1 && only !== undefined) return only.map((found) => hedged(found, left));
  if (attempts.length === 0) return [hedged(problem(path, mismatch(left, rights, comparable.length > 0)), left)];
  // Each alternative refuses some of it; together they may still take all of it.
  return [unknown(path, `may be ${named(left.type)} that fits none of the alternatives`)];
}

function mismatch({ type }: Branch, rights: readonly Branch[], isComparable: boolean): string {
  if (isComparable) return `may be ${named(type)} that fits none of the alternatives`;
  const expected = [...new Set(rights.map((right) => named(right.type)))].join(' or ');
  return `may be ${named(type)} where ${expected || 'nothing'} is expected`;
}

/** A left side that is narrower than what is understood of it may not hold the value that would be refused. */
function hedged(found: ReadProblem, { opaque }: Branch): ReadProblem {
  return opaque.length === 0 ? found : { ...found, verdict: Readability.Unknown };
}

function literalsOf({ type, values }: Branch): readonly unknown[] | undefined {
  if (type === 'null') return [null];
  return values ?? (type === 'boolean' ? [true, false] : undefined);
}

function literalProblems(value: unknown, left: Branch, rights: readonly Branch[], path: string): ReadProblem[] {
  const answers = rights.map((right) => literalFits(value, right));
  if (answers.includes(true)) return [];
  const found = problem(path, `may be ${JSON.stringify(value)}`);
  return [answers.includes(undefined) ? { ...found, verdict: Readability.Unknown } : hedged(found, left)];
}

function isComparable(left: Branch, right: Branch): boolean {
  const isNumeric = ({ type }: Branch) => type === 'number' || type === 'integer';
  return right.type === 'any' || left.type === right.type || (isNumeric(left) && isNumeric(right));
}

function named(type: string): string {
  return /^[aeio]/i.test(type) ? `an ${type}` : `a ${type}`;
}
