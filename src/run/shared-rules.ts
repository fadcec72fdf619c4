import type { AccessRule } from '../auth/index.js';

/** Stages whose rules say the same share one list, so that a run has to decide it only once. */
export class SharedRules {
  readonly #lists = new Map<string, readonly AccessRule[]>();

  /** @returns a list that says the same; the one given if it holds policies, or what is no rule */
  of(rules: readonly AccessRule[] | null): readonly AccessRule[] | null {
    const said = rules === null ? null : textOf(rules);
    if (rules === null || said === null) return rules;
    const known = this.#lists.get(said);
    if (known === undefined) this.#lists.set(said, rules);
    return known ?? rules;
  }
}

/** Everything a decision depends on, and nothing but it. Not by JSON, which lets `toJSON` speak for a rule. */
function textOf(rules: readonly AccessRule[]): string | null {
  try {
    const texts = rules.map(ruleText);
    return texts.includes(null) ? null : texts.join(';');
  } catch {
    return null; // a rule that refuses to be looked at denies by itself
  }
}

function ruleText(rule: AccessRule): string | null {
  switch (rule.rule) {
    case 'public':
      return rule.rule;
    case 'authenticated':
      return rule.kinds === undefined ? rule.rule : named(rule.rule, rule.kinds);
    case 'roles':
    case 'scopes':
      return named(`${rule.rule} ${rule.match}`, rule.names);
    case 'feature':
      return named(rule.rule, [rule.name]);
    case 'plan':
      return named(rule.rule, rule.oneOf);
    default:
      return null;
  }
}

/** With the length of each name, so that no name can look like two. */
function named(what: string, names: readonly string[]): string | null {
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string')) return null;
  return `${what} ${names.map((name) => `${name.length}:${name}`).join(',')}`;
}
