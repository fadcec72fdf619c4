import { declaredType } from './declared-type.js';
import { INSTANCE_OF, type JsonSchema, RULES } from './json-schema.js';
import type { RuleMetadata, TransformStorage } from './peers.js';

type Converter = (rule: RuleMetadata) => JsonSchema;

/** Where class-validator-jsonschema is wrong or too coarse for a comparison. Keys are the names of rules. */
export function dtoConverters(
  types: TransformStorage,
  refTo: (target: Function) => string | undefined,
  marked: boolean,
): Record<string, Converter | JsonSchema> {
  const dateString = { type: 'string', format: 'date-time' };
  const date = marked ? { ...dateString, [INSTANCE_OF]: 'Date' } : dateString;
  return {
    nestedValidation: (rule) => nestedSchema(rule, types, refTo),
    // A rule of the user's own says nothing that JSON Schema could say; the type of the field does.
    customValidation: (rule) => ({
      ...primitiveSchema(declaredType(rule)),
      ...(marked ? { [RULES]: [rule.name ?? rule.type] } : {}),
    }),
    isDefined: {},
    isNotEmpty: (rule) => (declaredType(rule) === String ? { type: 'string', minLength: 1 } : {}),
    isEnum: ({ constraints }) => ({ enum: constraints?.[1] ?? Object.values(Object(constraints?.[0])) }),
    isPositive: { exclusiveMinimum: 0 },
    isNegative: { exclusiveMaximum: 0 },
    isDivisibleBy: ({ constraints }) => ({ multipleOf: constraints?.[0] }),
    min: ({ constraints }) => ({ minimum: constraints?.[0] }),
    max: ({ constraints }) => ({ maximum: constraints?.[0] }),
    isDate: date,
    minDate: date,
    maxDate: date,
    // Its pattern for them is narrower than what the rule takes.
    isDateString: dateString,
    isIso8601: dateString,
  };
}

function nestedSchema(
  rule: RuleMetadata,
  types: TransformStorage,
  refTo: (target: Function) => string | undefined,
): JsonSchema {
  if (typeof rule.target !== 'function') return {};
  const type = types.findTypeMetadata(rule.target, rule.propertyName);
  const classes = type?.options?.discriminator?.subTypes.map(({ value }) => value) ?? [
    type?.typeFunction({ object: {}, property: rule.propertyName }) ?? declaredType(rule),
  ];
  const refs = classes.map((target) => (target === undefined ? undefined : refTo(target)));
  const [only, ...others] = refs.map(($ref) => ($ref === undefined ? { type: 'object' } : { $ref }));
  const one = only !== undefined && others.length === 0 ? only : { anyOf: [only, ...others] };
  // Without `each`, class-validator looks into lists all the same.
  return rule.each !== true && declaredType(rule) === Array ? { type: 'array', items: one } : one;
}

function primitiveSchema(type: unknown): JsonSchema {
  if (type === String) return { type: 'string' };
  if (type === Number) return { type: 'number' };
  return type === Boolean ? { type: 'boolean' } : {};
}
