import { type ContractIssue, UnknownKeys } from './contract.js';
import { isCollection } from './declared-type.js';
import { type ClassRules, type PropertyRules, type Rule, rulesOf } from './dto-rules.js';
import { pathTo } from './issue-path.js';
import type { RuleStorage } from './peers.js';
import { ruleMessage } from './rule-message.js';
import { classOf, thrownName, typeName } from './type-name.js';

/**
 * Applies class-validator's rules to one object.
 *
 * The rules are class-validator's; walking them is not, for three reasons: only here it is seen that a rule gave a
 * promise, which `validateSync` takes for a pass; a message can be built without the value; and the rules of a class are
 * collected once, not once a check. Where class-validator lets something through, this does not: a rule that throws has
 * failed, and so has a hole in a list of nested objects, one object for a list of them, and a list for one.
 */
export class DtoCheck {
  readonly issues: ContractIssue[] = [];
  /** What asynchronous rules still have to say. They do not reject. */
  readonly pending: Promise<void>[] = [];
  readonly #inProgress = new Set<object>();
  readonly #storage: RuleStorage;
  readonly #unknownKeys: UnknownKeys;

  /** @param unknownKeys `strip` deletes from the object that is checked, so it must be a copy. */
  constructor(storage: RuleStorage, unknownKeys: UnknownKeys) {
    this.#storage = storage;
    this.#unknownKeys = unknownKeys;
  }

  visit(object: object, path: string): void {
    if (this.#inProgress.has(object)) return; // it holds itself, and is being checked
    const target = classOf(object);
    const rules = target && rulesOf(target, this.#storage);
    if (rules === undefined) {
      this.#add(path, 'unknownValue', withoutRules(target), object);
      return;
    }
    this.#inProgress.add(object);
    if (this.#unknownKeys !== UnknownKeys.Keep) this.#visitKeys(object, rules, path);
    for (const property of rules.properties) this.#visitProperty(object, property, path);
    this.#inProgress.delete(object);
  }

  #visitKeys(object: object, { names }: ClassRules, path: string): void {
    for (const key of Object.keys(object)) {
      if (names.has(key)) continue;
      if (this.#unknownKeys === UnknownKeys.Strip) delete (object as Record<string, unknown>)[key];
      else this.#add(pathTo(path, key), 'whitelistValidation', 'is not a key of the contract', valueAt(object, key));
    }
  }

  #visitProperty(object: object, property: PropertyRules, path: string): void {
    const { name, conditions, rules, nested, isList } = property;
    const value = valueAt(object, name);
    try {
      for (const condition of conditions) if (!condition(object, value)) return;
    } catch (thrown) {
      this.#add(pathTo(path, name), 'conditionalValidation', threw('its condition', thrown), value);
      return;
    }
    const before = this.issues.length;
    for (const rule of rules) this.#applyRule(rule, object, value, path);
    if (nested !== undefined && value !== undefined) this.#visitNested(value, pathTo(path, name));
    if (isList === undefined || isList === isCollection(value) || this.issues.length > before) return;
    this.#add(pathTo(path, name), 'isArray', isList ? 'must be a list' : 'must not be a list', value);
  }

  #applyRule(rule: Rule, object: object, value: unknown, path: string): void {
    const { each, validateIf, propertyName } = rule.metadata;
    try {
      if (validateIf !== undefined && !validateIf(object, value)) return;
    } catch (thrown) {
      this.#add(pathTo(path, propertyName), rule.name, threw('its condition', thrown), value);
      return;
    }
    if (each === true && Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.#ask(rule, object, item, path, index);
    } else if (each === true && (value instanceof Set || value instanceof Map)) {
      for (const item of value.values()) this.#ask(rule, object, item, path);
    } else this.#ask(rule, object, value, path);
  }

  #ask(rule: Rule, object: object, value: unknown, path: string, index?: number): void {
    const { propertyName: property, constraints } = rule.metadata;
    const targetName = classOf(object)?.name ?? '';
    const fail = (message?: string) => {
      const at = pathTo(path, property);
      this.#add(
        index === undefined ? at : pathTo(at, index),
        rule.name,
        message ?? ruleMessage(rule, targetName),
        value,
      );
    };
    try {
      const verdict = rule.validator.validate(value, { value, constraints, targetName, object, property });
      if (isPromise(verdict)) {
        const settled = Promise.resolve(verdict).then((passed) => (passed ? undefined : fail()));
        this.pending.push(settled.catch((thrown: unknown) => fail(threw('its rule', thrown))));
      } else if (!verdict) fail();
    } catch (thrown) {
      fail(threw('its rule', thrown));
    }
  }

  #visitNested(value: unknown, path: string): void {
    if (Array.isArray(value)) {
      // By index, so that holes are seen.
      for (let i = 0; i < value.length; i++) this.#visitNested(value[i], pathTo(path, i));
    } else if (value instanceof Set) {
      for (const [index, item] of [...value].entries()) this.#visitNested(item, pathTo(path, index));
    } else if (value instanceof Map) {
      for (const [key, item] of value) this.#visitNested(item, pathTo(path, key));
    } else if (typeof value === 'object' && value !== null) this.visit(value, path);
    else this.#add(path, 'nestedValidation', 'must be either object or array', value);
  }

  #add(path: string, constraint: string, message: string, value: unknown): void {
    this.issues.push(Object.freeze({ path, constraint, message, received: typeName(value) }));
  }
}

function valueAt(object: object, key: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[key];
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function threw(what: string, thrown: unknown): string {
  return `could not be checked: ${what} threw ${thrownName(thrown)}`;
}

function withoutRules(target: Function | undefined): string {
  return target === undefined
    ? 'is a plain object whose class is not known: put @Type(() => Class) on the property'
    : `is of class ${target.name || '(anonymous)'}, which has no class-validator rules`;
}
