import { declaredType } from './declared-type.js';
import type { RuleConstraint, RuleMetadata, RuleStorage } from './peers.js';

/** One rule on one property. */
export interface Rule {
  readonly name: string;
  readonly metadata: RuleMetadata;
  readonly constraint: RuleConstraint;
  /** Taken once: class-validator would look for it among all rules of the program on every use. */
  readonly validator: RuleConstraint['instance'];
}

type Condition = (object: object, value: unknown) => unknown;

export interface PropertyRules {
  readonly name: string;
  /** `@IsOptional`, `@ValidateIf`: unless all hold, nothing else is asked. */
  readonly conditions: readonly Condition[];
  /** Whether one of the conditions is `@IsOptional`. */
  readonly isOptional: boolean;
  readonly rules: readonly Rule[];
  /** `@ValidateNested`. */
  readonly nested: RuleMetadata | undefined;
  /** Whether the field is declared as a list, where its rules look into lists; undefined if nobody knows. */
  readonly isList: boolean | undefined;
}

export interface ClassRules {
  readonly properties: readonly PropertyRules[];
  readonly names: ReadonlySet<string>;
}

// The values of class-validator's ValidationTypes.
const Kind = {
  Condition: 'conditionalValidation',
  Nested: 'nestedValidation',
  Promise: 'promiseValidation',
  Whitelist: 'whitelistValidation',
  Defined: 'isDefined',
} as const;

const known = new WeakMap<Function, ClassRules>();

/** The rules of a class and its parents, read once from class-validator; undefined for a class without any. */
export function rulesOf(target: Function, storage: RuleStorage): ClassRules | undefined {
  const before = known.get(target);
  if (before !== undefined) return before;
  const byProperty = new Map<string, RuleMetadata[]>();
  for (const metadata of storage.getTargetValidationMetadatas(target, '', false, false)) {
    const list = byProperty.get(metadata.propertyName) ?? [];
    byProperty.set(metadata.propertyName, [...list, metadata]);
  }
  if (byProperty.size === 0) return undefined; // not remembered: its rules may be declared later
  const properties = [...byProperty].map(([name, list]) => propertyRules(name, list, storage));
  const rules = { properties, names: new Set(byProperty.keys()) };
  known.set(target, rules);
  return rules;
}

function propertyRules(name: string, list: readonly RuleMetadata[], storage: RuleStorage): PropertyRules {
  const conditions = list.filter(({ type }) => type === Kind.Condition);
  // As class-validator does: whether there is anything comes first.
  const ordered = [...list.filter(({ type }) => type === Kind.Defined), ...list.filter(isOrdinary)];
  const nested = list.find(({ type }) => type === Kind.Nested || type === Kind.Promise);
  return {
    name,
    conditions: conditions.map((metadata) => metadata.constraints?.[0] as Condition),
    isOptional: conditions.some((metadata) => metadata.name === 'isOptional'),
    rules: ordered.flatMap((metadata) => rulesIn(metadata, storage)),
    nested,
    isList: isList(nested ?? ordered.find(({ each }) => each === true), nested),
  };
}

function isList(looksInside: RuleMetadata | undefined, nested: RuleMetadata | undefined): boolean | undefined {
  const declared = looksInside && declaredType(looksInside);
  if (declared === Array || declared === Set || declared === Map) return true;
  const isOne = declared !== undefined && declared !== Object && nested !== undefined && nested.each !== true;
  return isOne ? false : undefined;
}

function isOrdinary({ type }: RuleMetadata): boolean {
  return !(Object.values(Kind) as string[]).includes(type);
}

function rulesIn(metadata: RuleMetadata, storage: RuleStorage): Rule[] {
  return storage.getTargetValidatorConstraints(metadata.constraintCls).map((constraint) => ({
    name: constraint.name || metadata.name || metadata.type,
    metadata,
    constraint,
    validator: constraint.instance,
  }));
}
