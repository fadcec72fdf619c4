import { type JsonSchema, RULES, sameJson } from './json-schema.js';
import { problem, type ReadProblem, unknown } from './readability.js';
import type { Branch } from './schema-reader.js';

type Check = (left: Branch, right: Branch, path: string) => ReadProblem[];

/** What keywords of one type and their literals say: whether `left` is at least as narrow as `right`. Not what is inside. */
export const isNarrower: Check = (left, right, path) => [
  ...literals(left, right, path),
  ...opaqueKeywords(left, right, path),
  ...(CHECKS[right.type] ?? none)(left, right, path),
];

const none: Check = () => [];

const limits =
  (...names: readonly [lower: string, upper: string]): Check =>
  (left, right, path) => [
    ...lowerBound(left.schema, right.schema, names[0], path),
    ...upperBound(left.schema, right.schema, names[1], path),
  ];

const number: Check = (left, right, path) => [
  ...bounds(left, right, path),
  ...(left.type === 'number' && right.type === 'integer' ? [problem(path, 'may have a fraction')] : []),
  ...multiples(left.schema, right.schema, path),
];

const string: Check = (left, right, path) => [
  ...limits('minLength', 'maxLength')(left, right, path).map((found) => unlessWorded(left, found)),
  ...sameWord('pattern', left.schema, right.schema, path),
  ...sameWord('format', left.schema, right.schema, path),
];

const array: Check = (left, right, path) => [
  ...limits('minItems', 'maxItems')(left, right, path),
  ...(right.schema.uniqueItems === true && left.schema.uniqueItems !== true
    ? [problem(path, 'may hold an item twice')]
    : []),
];

const CHECKS: Readonly<Record<string, Check>> = {
  number,
  integer: number,
  string,
  array,
  object: limits('minProperties', 'maxProperties'),
};

function literals(left: Branch, right: Branch, path: string): ReadProblem[] {
  if (right.values === undefined || left.values !== undefined) return [];
  const listed = right.values.slice(0, 5).map((value) => JSON.stringify(value));
  const message = `may be something else than ${listed.join(', ')}${right.values.length > 5 ? ', …' : ''}`;
  return [unlessWorded(left, problem(path, message))];
}

/** A pattern or format may already see to it. */
function unlessWorded({ schema }: Branch, found: ReadProblem): ReadProblem {
  return isFreeText(schema) ? found : unknown(found.path, found.message);
}

function isFreeText({ pattern, format }: JsonSchema): boolean {
  return pattern === undefined && format === undefined;
}

function opaqueKeywords(left: Branch, right: Branch, path: string): ReadProblem[] {
  return right.opaque
    .filter((keyword) => !isSameKeyword(left.schema[keyword], right.schema[keyword]))
    .map((keyword) => unknown(path, `must satisfy ${nameOf(keyword, right.schema)}, which cannot be compared`));
}

/** References mean something else in another document, and rules without a name need not be the same. */
function isSameKeyword(left: unknown, right: unknown): boolean {
  return left !== undefined && sameJson(left, right) && !/"\$ref"|"\?/.test(JSON.stringify(left));
}

function nameOf(keyword: string, schema: JsonSchema): string {
  const rules = schema[keyword];
  return keyword === RULES && Array.isArray(rules)
    ? rules.map((rule) => String(rule).replace('?', '')).join(', ')
    : keyword;
}

function lowerBound(left: JsonSchema, right: JsonSchema, name: string, path: string): ReadProblem[] {
  const [has, needs] = [left[name] ?? 0, right[name]];
  return typeof needs !== 'number' || (typeof has === 'number' && has >= needs)
    ? []
    : [problem(path, `may have a ${name} of ${has} where ${needs} is needed`)];
}

function upperBound(left: JsonSchema, right: JsonSchema, name: string, path: string): ReadProblem[] {
  const [has, allows] = [left[name], right[name]];
  if (typeof allows !== 'number' || (typeof has === 'number' && has <= allows)) return [];
  return [problem(path, `may have a ${name} of ${has ?? 'any size'} where ${allows} is allowed`)];
}

function bounds(left: Branch, right: Branch, path: string): ReadProblem[] {
  const [leftLow, rightLow] = [lowest(left), lowest(right)];
  const [leftHigh, rightHigh] = [highest(left), highest(right)];
  const isBelow = leftLow.at < rightLow.at || (leftLow.at === rightLow.at && rightLow.isOpen && !leftLow.isOpen);
  const isAbove = leftHigh.at > rightHigh.at || (leftHigh.at === rightHigh.at && rightHigh.isOpen && !leftHigh.isOpen);
  return [
    ...(isBelow ? [problem(path, `may be below ${rightLow.at}`)] : []),
    ...(isAbove ? [problem(path, `may be above ${rightHigh.at}`)] : []),
  ];
}

interface Bound {
  readonly at: number;
  readonly isOpen: boolean;
}

/** For whole numbers, above 0 is from 1. Bounds at the largest there are bound nothing: libraries add them by themselves. */
function lowest({ type, schema: { minimum, exclusiveMinimum } }: Branch): Bound {
  const closed = typeof minimum === 'number' ? minimum : Number.NEGATIVE_INFINITY;
  const open = typeof exclusiveMinimum === 'number' ? exclusiveMinimum : Number.NEGATIVE_INFINITY;
  if (type !== 'integer') return { at: Math.max(open, closed), isOpen: open >= closed && Number.isFinite(open) };
  const at = Math.max(Math.ceil(closed), Math.floor(open) + 1);
  return { at: at <= Number.MIN_SAFE_INTEGER ? Number.NEGATIVE_INFINITY : at, isOpen: false };
}

function highest({ type, schema: { maximum, exclusiveMaximum } }: Branch): Bound {
  const closed = typeof maximum === 'number' ? maximum : Number.POSITIVE_INFINITY;
  const open = typeof exclusiveMaximum === 'number' ? exclusiveMaximum : Number.POSITIVE_INFINITY;
  if (type !== 'integer') return { at: Math.min(open, closed), isOpen: open <= closed && Number.isFinite(open) };
  const at = Math.min(Math.floor(closed), Math.ceil(open) - 1);
  return { at: at >= Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : at, isOpen: false };
}

function multiples(left: JsonSchema, right: JsonSchema, path: string): ReadProblem[] {
  const [has, needs] = [left.multipleOf, right.multipleOf];
  if (typeof needs !== 'number') return [];
  if (typeof has !== 'number') return [problem(path, `may be no multiple of ${needs}`)];
  return has % needs === 0 ? [] : [problem(path, `may be a multiple of ${has} that is none of ${needs}`)];
}

/** Two patterns, or two formats, that are not the same: nobody can say which strings both take. */
function sameWord(name: 'pattern' | 'format', left: JsonSchema, right: JsonSchema, path: string): ReadProblem[] {
  const [has, needs] = [left[name], right[name]];
  if (needs === undefined || has === needs) return [];
  return isFreeText(left)
    ? [problem(path, `may have another ${name} than ${String(needs).slice(0, 40)}`)]
    : [unknown(path, `has a ${name} that cannot be compared`)];
}
