import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_DENY } from './modules/audit.module.js';
import { AuditInputError } from './services/audit-input-error.js';
import { assertLicenceRules, type LicenceRules } from './services/licence-policy.js';
import type { AuditRequest } from './stages/discover.js';

const THIS_CHECKOUT = path.resolve(import.meta.dirname, '../..');

export const USAGE = `Audits the installed npm packages of a project. Needs no network.

  npm run example -- dependency-audit [folder] [--out <folder>] [--deny <ids>] [--deny-unknown]

  folder          the project; default: this checkout
  --out           where report.json and report.md go; default: a new folder in the temporary folder of the system
  --deny          SPDX ids, by commas, in place of ${DEFAULT_DENY.join(',')};
                  GPL-3.0 stands for -only and -or-later too, UNLICENSED for no licence at all
  --deny-unknown  also deny packages whose licence is not known

Exit codes: 0 accepted, 1 a licence is denied, 2 bad input, 3 a check gave no result, 130 interrupted.
`;

export interface CommandLine {
  readonly help: boolean;
  readonly request: AuditRequest;
  /** Null if the command line says nothing about them. */
  readonly rules: LicenceRules | null;
}

/** @throws AuditInputError for anything it does not understand */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  if (positionals.length > 1) throw new AuditInputError(`One folder at a time, please: ${positionals.join(', ')}.`);
  return {
    help: values.help === true,
    request: { folder: positionals[0] ?? THIS_CHECKOUT, out: values.out ?? null },
    rules: rulesOf(values.deny, values['deny-unknown']),
  };
}

function rulesOf(denyList: string | undefined, denyUnknown = false): LicenceRules | null {
  if (denyList === undefined && !denyUnknown) return null;
  const rules = { deny: denyList?.split(',').map((id) => id.trim()) ?? DEFAULT_DENY, denyUnknown };
  assertLicenceRules(rules);
  return rules;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        out: { type: 'string' },
        deny: { type: 'string' },
        'deny-unknown': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new AuditInputError((error as Error).message, { cause: error });
  }
}
