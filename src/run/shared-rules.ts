import type { AccessRule } from '../auth/index.js';

/** Stages whose rules say the same share one list, so that a run has to decide it only once. */
export class SharedRules {
  readonly #lists = new Map<string, readonly AccessRule[]>();

  /** @returns a list that says the same; the one given if it asks policies, which are compared by nobody */
  of(rules: readonly AccessRule[] | null): readonly AccessRule[] | null {
    const said = rules === null ? null : textOf(rules);
    if (rules === null || said === null) return rules;
    const known = this.#lists.get(said);
    if (known === undefined) this.#lists.set(said, rules);
    return known ?? rules;
  }
}

function textOf(rules: readonly AccessRule[]): string | null {
  try {
    return rules.some((rule) => rule.rule === 'policy') ? null : JSON.stringify(rules);
  } catch {
    return null; // a rule that refuses to be looked at denies by itself
  }
}
