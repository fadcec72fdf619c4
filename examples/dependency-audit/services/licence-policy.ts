import parse, { type Info } from 'spdx-expression-parse';
import { Inject, Injectable, token } from 'stageflow';
import { AuditInputError } from './audit-input-error.js';
import type { DetectedLicence } from './licence-detector.js';
import { spdxExpression, UNLICENSED } from './licence-expression.js';

export interface LicenceRules {
  /**
   * SPDX ids. `GPL-3.0` stands for GPL-3.0-only and GPL-3.0-or-later too, `GPL-*` for every id that begins so,
   * `UNLICENSED` for packages that grant no licence.
   */
  readonly deny: readonly string[];
  /** Whether a package whose licence is not known is denied. Default false: it is reported. */
  readonly denyUnknown?: boolean;
}

export const LICENCE_RULES = token<LicenceRules>('LICENCE_RULES');

export interface Denial extends DetectedLicence {
  /** The entry of the deny list that matched; `unknown` for a licence that is not known. */
  readonly rule: string;
}

/** Decides which licences a project accepts. */
@Injectable()
export class LicencePolicy {
  /** @throws AuditInputError for an entry that could never match anything: a typing error must not open the guard. */
  constructor(@Inject(LICENCE_RULES) private readonly rules: LicenceRules) {
    assertLicenceRules(rules);
  }

  denials(licences: readonly DetectedLicence[]): Denial[] {
    return licences.flatMap((licence) => {
      const rule = this.denyingRule(licence);
      return rule === null ? [] : { ...licence, rule };
    });
  }

  /** The rule that denies this licence, or null. */
  denyingRule({ expression }: DetectedLicence): string | null {
    if (expression === null) return this.rules.denyUnknown === true ? 'unknown' : null;
    return expression === UNLICENSED ? this.#match(UNLICENSED) : this.#judge(parse(expression));
  }

  /** `A OR B` leaves a choice, so it is denied if both are; `A AND B` does not, so either is enough. */
  #judge(node: Info): string | null {
    if (!('conjunction' in node)) return this.#match(node.license);
    const left = this.#judge(node.left);
    const right = this.#judge(node.right);
    return node.conjunction === 'or' ? left && right : (left ?? right);
  }

  #match(id: string): string | null {
    return this.rules.deny.find((entry) => covers(entry, id)) ?? null;
  }
}

/** The denials in one sentence: the first few by name. */
export function describeDenials(denied: readonly Denial[]): string {
  const named = denied.slice(0, 5).map((each) => `${each.package} (${each.expression ?? 'unknown'})`);
  const rest = denied.length > named.length ? ` and ${denied.length - named.length} more` : '';
  return `Denied by the licence policy: ${named.join(', ')}${rest}.`;
}

export function assertLicenceRules({ deny }: LicenceRules): void {
  const wrong = deny.filter(
    (entry) => !/^[\w.-]+\*$/.test(entry) && (/\s/.test(entry) || spdxExpression(entry) === null),
  );
  if (wrong.length === 0) return;
  throw new AuditInputError(
    `The deny list has ${wrong.map((entry) => `"${entry}"`).join(', ')}, which is no SPDX licence id. Write for example GPL-3.0, GPL-* or UNLICENSED.`,
  );
}

function covers(entry: string, id: string): boolean {
  if (entry.endsWith('*')) return id.startsWith(entry.slice(0, -1));
  return id === entry || id.replace(/-(only|or-later)$/, '') === entry;
}
