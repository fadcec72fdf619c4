import { ContractChangeKind } from './contract-change.js';
import { pathTo } from './issue-path.js';
import { isJsonObject, type JsonSchema } from './json-schema.js';
import { isNarrower } from './narrower.js';
import { Readability, type ReadProblem, verdictOf } from './readability.js';
import { type Branch, SchemaReader } from './schema-reader.js';
import { branchFits, contextOf } from './subset.js';
import { objectParts } from './subset-object.js';

export type FoundChange = readonly [path: string, change: ContractChangeKind];

const Kind = ContractChangeKind;

/** What changed from one document to the next, each thing at its own path: objects and lists are walked, the rest compared. */
export function schemaChanges(before: JsonSchema, after: JsonSchema): FoundChange[] {
  return new SchemaChanges(before, after).at(before, after, '');
}

/** Schemas that refer to each other in many ways could be walked for ever. */
const MOST_COMPARISONS = 10_000;

class SchemaChanges {
  #comparisons = 0;
  readonly #before: SchemaReader;
  readonly #after: SchemaReader;
  readonly #inProgress = new Map<unknown, Set<unknown>>();

  constructor(before: JsonSchema, after: JsonSchema) {
    this.#before = new SchemaReader(before);
    this.#after = new SchemaReader(after);
  }

  at(before: unknown, after: unknown, path: string): FoundChange[] {
    if (++this.#comparisons > MOST_COMPARISONS) return [[path, Kind.Undecided]];
    const partners = this.#inProgress.get(before) ?? new Set();
    if (partners.has(after) && isJsonObject(before)) return [];
    this.#inProgress.set(before, partners.add(after));
    const found = this.#compare(before, after, path);
    partners.delete(after);
    return found;
  }

  #compare(before: unknown, after: unknown, path: string): FoundChange[] {
    const [was, is] = [this.#before.branches(before), this.#after.branches(after)];
    const nullability = nullabilityChange(was, is, path);
    const [wasOnly, isOnly] = [single(was), single(is)];
    if (wasOnly?.type === 'object' && isOnly?.type === 'object') {
      return [...nullability, ...this.#objects(wasOnly, isOnly, path)];
    }
    if (wasOnly?.type === 'array' && isOnly?.type === 'array' && !isTuple(wasOnly) && !isTuple(isOnly)) {
      const items = this.at(wasOnly.schema.items, isOnly.schema.items, `${path}[]`);
      return [...nullability, ...ownChange(wasOnly, isOnly, path), ...items];
    }
    // Null has been spoken of already.
    const [old, now] = nullability.length > 0 ? [was.filter(isNotNull), is.filter(isNotNull)] : [was, is];
    return [...nullability, ...this.#values(old, now, path)];
  }

  #objects(was: Branch, is: Branch, path: string): FoundChange[] {
    const [old, now] = [objectParts(was), objectParts(is)];
    const names = [...new Set([...Object.keys(old.properties), ...Object.keys(now.properties)])];
    const properties = names.flatMap((name): FoundChange[] => {
      const at = pathTo(path, name);
      const isRequired = now.required.has(name);
      if (!Object.hasOwn(now.properties, name)) return [[at, Kind.Removed]];
      if (!Object.hasOwn(old.properties, name)) return [[at, isRequired ? Kind.AddedRequired : Kind.AddedOptional]];
      const presence = isRequired ? Kind.BecameRequired : Kind.BecameOptional;
      const changed: FoundChange[] = old.required.has(name) === isRequired ? [] : [[at, presence]];
      return [...changed, ...this.at(old.properties[name], now.properties[name], at)];
    });
    return [...ownChange(was, is, path), ...properties, ...this.#rest(old.rest, now.rest, path)];
  }

  #rest(old: unknown, now: unknown, path: string): FoundChange[] {
    if (old === false || now === false) {
      return old === now ? [] : [[path, now === false ? Kind.Closed : Kind.Opened]];
    }
    return this.at(old, now, `${path}[*]`);
  }

  /** Everything that is neither one object nor one list. */
  #values(was: readonly Branch[], is: readonly Branch[], path: string): FoundChange[] {
    const forwards = contextOf(this.#before, this.#after);
    const backwards = contextOf(this.#after, this.#before);
    return relation(
      path,
      was.flatMap((branch) => branchFits(branch, is, path, forwards)),
      is.flatMap((branch) => branchFits(branch, was, path, backwards)),
    );
  }
}

function relation(path: string, forwards: readonly ReadProblem[], backwards: readonly ReadProblem[]): FoundChange[] {
  const [kept, still] = [verdictOf(forwards), verdictOf(backwards)];
  if (kept === Readability.Yes && still === Readability.Yes) return [];
  if (kept === Readability.Unknown || still === Readability.Unknown) return [[path, Kind.Undecided]];
  if (kept === Readability.Yes) return [[path, Kind.Widened]];
  return [[path, still === Readability.Yes ? Kind.Narrowed : Kind.TypeChanged]];
}

/** Bounds and unknown keywords of an object or list itself. */
function ownChange(was: Branch, is: Branch, path: string): FoundChange[] {
  return relation(path, isNarrower(was, is, path), isNarrower(is, was, path));
}

function nullabilityChange(was: readonly Branch[], is: readonly Branch[], path: string): FoundChange[] {
  const [wasNullable, isNullable] = [was, is].map((branches) => !branches.every(isNotNull));
  const isAny = [...was, ...is].some(({ type }) => type === 'any');
  if (wasNullable === isNullable || isAny || single(was) === undefined || single(is) === undefined) return [];
  return [[path, isNullable ? Kind.BecameNullable : Kind.NoLongerNullable]];
}

function single(branches: readonly Branch[]): Branch | undefined {
  const [only, ...others] = branches.filter(isNotNull);
  return others.length === 0 ? only : undefined;
}

function isNotNull({ type }: Branch): boolean {
  return type !== 'null';
}

function isTuple({ schema }: Branch): boolean {
  return 'prefixItems' in schema;
}
