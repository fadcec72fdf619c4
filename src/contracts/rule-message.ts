import type { Rule } from './dto-rules.js';
import type { RuleArguments } from './peers.js';

const LONGEST = 200;

/**
 * What a rule says, without the value. class-validator's own messages may hold it, so they are not used: the rule is asked
 * again with no value, and a rule that is a class on an instance that never saw one.
 */
export function ruleMessage(rule: Rule, targetName: string): string {
  const { metadata, name } = rule;
  const given: RuleArguments = {
    value: undefined,
    object: {},
    property: metadata.propertyName,
    targetName,
    constraints: metadata.constraints,
  };
  const template = templateOf(rule, given);
  if (template === undefined) return `does not satisfy ${name}`;
  const message = withoutSubject(template)
    .replace(/\$constraint(\d+)/g, (_all, place) => constraintText(metadata.constraints?.[place - 1]))
    .replaceAll('$value', 'the value')
    .replaceAll('$property', () => metadata.propertyName)
    .replaceAll('$target', () => targetName);
  return message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
}

function templateOf({ metadata, constraint }: Rule, given: RuleArguments): string | undefined {
  try {
    const template: unknown =
      typeof metadata.message === 'function'
        ? metadata.message(given)
        : (metadata.message ?? Object.create(constraint.target.prototype).defaultMessage?.(given));
    return typeof template === 'string' && template !== '' ? template : undefined;
  } catch {
    return undefined; // it counted on a value
  }
}

/** An issue already says where: `each value in $property must be a string` is left with `must be a string`. */
function withoutSubject(template: string): string {
  return template.replace(/^(?:each value in )?(?:nested property )?\$property (?=\S)/, '');
}

function constraintText(constraint: unknown): string {
  if (Array.isArray(constraint)) return constraint.map(constraintText).join(', ');
  if (typeof constraint === 'function') return constraint.name || 'a computed value';
  return typeof constraint === 'symbol' ? String(constraint.description) : String(constraint);
}
