import type { ContractIssue } from './contract.js';
import { pathTo } from './issue-path.js';
import type { StandardIssue } from './standard-schema.js';
import { typeName } from './type-name.js';

/** The fields of zod's and valibot's issues that come from the schema. Those that come from the value are not read. */
type IssueFacts = StandardIssue & Readonly<Record<string, unknown>>;

const LISTED = 10;

/**
 * Issues of a schema, told anew: the messages of a library may hold the value. Of zod and valibot it is known which facts
 * come from the schema; of others only the path is told.
 */
export function translateIssues(vendor: string, issues: readonly StandardIssue[], value: unknown): ContractIssue[] {
  return issues.flatMap((issue) => {
    const place = locate(issue.path ?? [], value);
    const [constraint, message] = factsOf(vendor, issue as IssueFacts, place.found);
    const { keys } = issue as IssueFacts;
    if (constraint !== 'unrecognized_keys' || !Array.isArray(keys)) {
      return [issueAt(place.path, constraint, message, place.found)];
    }
    return keys.map((key) => issueAt(pathTo(place.path, key), constraint, message, step(place.found, key)));
  });
}

export function issueAt(path: string, constraint: string, message: string, value: unknown): ContractIssue {
  return Object.freeze({ path, constraint, message, received: typeName(value) });
}

function locate(segments: NonNullable<StandardIssue['path']>, value: unknown): { path: string; found: unknown } {
  let [path, found] = ['', value];
  for (const segment of segments) {
    const key: unknown = typeof segment === 'object' && segment !== null ? segment.key : segment;
    path = pathTo(path, key);
    found = step(found, key);
  }
  return { path, found };
}

function step(value: unknown, key: unknown): unknown {
  if (value instanceof Map) return value.get(key);
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.hasOwn(value, key as PropertyKey)
    ? (value as Record<PropertyKey, unknown>)[key as PropertyKey]
    : undefined;
}

function factsOf(vendor: string, issue: IssueFacts, found: unknown): readonly [constraint: string, message: string] {
  if (vendor === 'zod') return [word(issue.code) ?? 'schema', zodMessage(issue, found)];
  if (vendor === 'valibot') return [word(issue.type) ?? 'schema', valibotMessage(issue, found)];
  return ['schema', 'does not satisfy the schema'];
}

function zodMessage(issue: IssueFacts, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return found === undefined ? 'is missing' : `must be of type ${word(issue.expected) ?? 'another kind'}`;
    case 'invalid_value':
      return found === undefined ? 'is missing' : `must be ${oneOf(issue.values)}`;
    case 'invalid_format':
      return `must have the format ${word(issue.format) ?? 'of the schema'}`;
    case 'too_small':
      return bound(issue, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return bound(issue, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return 'fits none of the alternatives';
    case 'unrecognized_keys':
      return 'is not a key of the contract';
    default:
      return 'does not satisfy the schema';
  }
}

function bound({ origin }: IssueFacts, limit: unknown, relation: string): string {
  const unit = { string: ' characters', array: ' items', set: ' items', map: ' entries', file: ' bytes' }[
    String(origin)
  ];
  if (origin === 'date' || (typeof limit !== 'number' && typeof limit !== 'bigint')) return 'is out of bounds';
  return unit === undefined ? `must be ${relation} ${limit}` : `must have ${relation} ${limit}${unit}`;
}

function oneOf(values: unknown): string {
  if (!Array.isArray(values)) return 'one of the values of the schema';
  const listed = values
    .slice(0, LISTED)
    .map((value) => (typeof value === 'bigint' ? `${value}n` : JSON.stringify(value)));
  const list = listed.join(', ') + (values.length > LISTED ? ', …' : '');
  return values.length === 1 ? list : `one of ${list}`;
}

function valibotMessage({ expected, type }: IssueFacts, found: unknown): string {
  if (expected === 'never') return 'is not a key of the contract';
  if (typeof expected !== 'string') return `does not satisfy ${word(type) ?? 'the schema'}`;
  return found === undefined ? 'is missing' : `must be ${expected.slice(0, 200)}`;
}

/** A name out of an issue, if it is one. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w-]{1,60}$/.test(value) ? value : undefined;
}
