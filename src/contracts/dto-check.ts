import { type ContractIssue, UnknownKeys } from './contract.js';
import { isCollection } from './declared-type.js';
import { type ClassRules, type PropertyRules, type Rule, rulesOf } from './dto-rules.js';
import { transformOf } from './dto-transforms.js';
import { pathTo } from './issue-path.js';
import type { DtoPeers } from './peers.js';
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
  readonly #peers: DtoPeers;
  readonly #unknownKeys: UnknownKeys;

  constructor(peers: DtoPeers, unknownKeys: UnknownKeys) {
    this.#peers = peers;
    this.#unknownKeys = unknownKeys;
  }

  /** @param isOwn whether the object was made for this check: from others, no keys are taken. */
  visit(object: object, path: string, isOwn: boolean): void {
    if (this.#inProgress.has(object)) return; // it holds itself, and is being checked
    const target = classOf(object);
    const rules = target && rulesOf(target, this.#peers.rules);
    if (target === undefined || rules === undefined) {
      this.#add(path, 'unknownValue', withoutRules(target), object);
      return;
    }
    this.#inProgress.add(object);
    if (this.#unknownKeys === UnknownKeys.Refuse || (this.#unknownKeys === UnknownKeys.Strip && isOwn)) {
      this.#visitKeys(object, rules, path);
    }
    for (const property of rules.properties) {
      this.#visitProperty(object, property, path, isOwn && this.#isMade(target, property.name));
    }
    this.#inProgress.delete(object);
  }

  /** Of what `@Type` says class-transformer makes an instance; anything else may be somebody's object still. */
  #isMade(target: Function, name: string): boolean {
    const { type, isTransformed } = transformOf(target, name, this.#peers.types);
    return type !== undefined && !isTransformed;
  }

  #visitKeys(object: object, { names }: ClassRules, path: string): void {
    for (const key of Object.keys(object)) {
      if (names.has(key)) continue;
      if (this.#unknownKeys === UnknownKeys.Strip) delete (object as Record<string, unknown>)[key];
      else this.#add(pathTo(path, key), 'whitelistValidation', 'is not a key of the contract', valueAt(object, key));
    }
  }

  #visitProperty(object: object, property: PropertyRules, path: string, isMade: boolean): void {
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
    if (nested !== undefined && value !== undefined) this.#visitNested(value, pathTo(path, name), isMade);
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

  #visitNested(value: unknown, path: string, isMade: boolean): void {
    if (Array.isArray(value)) {
      // By index, so that holes are seen.
      for (let i = 0; i < value.length; i++) this.#visitNested(value[i], pathTo(path, i), isMade);
    } else if (value instanceof Set) {
      for (const [index, item] of [...value].entries()) this.#visitNested(item, pathTo(path, index), isMade);
    } else if (value instanceof Map) {
      for (const [key, item] of value) this.#visitNested(item, pathTo(path, key), isMade);
    } else if (typeof value === 'object' && value !== null) this.visit(value, path, isMade);
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
