import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERROR_CODES, type ErrorCode } from '../../errors/index.js';
import type { CheckReport } from './check-target.js';
import type { Finding } from './finding.js';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const ROOT = '%SRCROOT%';

/** For code scanning services, in SARIF 2.1.0. */
export function sarifReport({ file, findings }: CheckReport, cwd: string, version: string): object {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const rules = codes.map((id) => ruleOf(id, findings.find(({ code }) => code === id) as Finding));
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'stageflow', semanticVersion: version, rules } },
        originalUriBaseIds: { [ROOT]: { uri: pathToFileURL(`${cwd}${sep}`).href } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, codes.indexOf(finding.code), file, cwd)),
      },
    ],
  };
}

function ruleOf(id: Finding['code'], { severity }: Finding): object {
  const text = ERROR_CODES[id as ErrorCode] ?? WARNINGS[id];
  return {
    id,
    defaultConfiguration: { level: severity },
    ...(text === undefined ? {} : { shortDescription: { text } }),
  };
}

const WARNINGS: Readonly<Record<string, string>> = {
  LINT_ISOLATED_STAGE: 'A stage has neither dependencies nor dependents.',
  LINT_UNUSED_ROUTE: 'A route stage decides nothing.',
  LINT_UNUSED_GUARD: 'A guard stage holds nothing back.',
  LINT_TOOL_TIMEOUT: 'A tool that changes the world has no limit of time.',
  LINT_TOOL_APPROVAL: 'A tool that cannot be undone does not say whether it has to be approved.',
  LINT_STAGE_UNLISTED: 'No pipeline lists a stage.',
};

/** A result without a place of its own is about the file that was checked. */
function resultOf(finding: Finding, ruleIndex: number, file: string, cwd: string): object {
  const { code, severity, message, fix, place, subjects } = finding;
  const artifactLocation = locationOf(place?.file ?? file, cwd);
  const region = place === null ? {} : { region: { startLine: place.line } };
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: `${message} ${fix}` },
    locations: [{ physicalLocation: { artifactLocation, ...region } }],
    // The same finding is known again when lines move.
    partialFingerprints: { 'subjects/v1': fingerprint([code, artifactLocation.uri, ...subjects]) },
  };
}

function locationOf(file: string, cwd: string): { readonly uri: string; readonly uriBaseId?: string } {
  const path = relative(cwd, file);
  if (path.startsWith('..')) return { uri: pathToFileURL(file).href };
  return { uri: path.split(sep).map(encodeURIComponent).join('/'), uriBaseId: ROOT };
}

function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
