import { formatBytes } from './format-bytes.js';
import type { AuditReport } from './report.js';

const LARGEST_SHOWN = 20;

/** The report for people. */
export function reportMarkdown(report: AuditReport): string {
  const sections = [heading(report), ...findings(report), gaps(report), notices(report)];
  return `${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function heading({ project, packages, verdict, reason, sizes }: AuditReport): string {
  const version = project.version === null ? '' : ` ${project.version}`;
  const size = sizes === null ? '' : `, ${formatBytes(sizes.bytes)} in ${sizes.files} files`;
  const missing = packages.notInstalled === 0 ? '' : ` (${packages.notInstalled} not installed here)`;
  return [
    `# Dependency audit of ${escapeMarkup(project.name)}${escapeMarkup(version)}`,
    '',
    `Licence policy: **${verdict}**${reason === null ? '' : `. ${escapeMarkup(reason)}`}`,
    '',
    `${packages.total} packages${missing}${size}; from ${project.lockfile}, version ${project.lockfileVersion}.`,
  ].join('\n');
}

function findings(report: AuditReport): (string | null)[] {
  const { licences, denied, sizes, duplicates, engines, deprecated } = report;
  const counts = licences && Object.entries(licences.counts);
  return [
    table('Denied licences', ['Package', 'Licence', 'Rule'], denied, (each) => [
      each.package,
      each.expression ?? each.declared ?? 'unknown',
      each.rule,
    ]),
    table('Licences', ['Licence', 'Packages'], counts, ([licence, count]) => [licence, String(count)]),
    table('Licences not known', ['Package', 'Declared', 'Location'], licences?.unknown, (each) => [
      each.package,
      each.declared ?? 'nothing',
      each.location,
    ]),
    table('Largest packages', ['Package', 'Size', 'Files'], sizes?.packages.slice(0, LARGEST_SHOWN), (each) => [
      each.package,
      formatBytes(each.bytes),
      String(each.files),
    ]),
    table('Installed in several versions', ['Package', 'Versions'], duplicates, (each) => [
      each.name,
      each.versions.map(({ version, locations }) => `${version} (${locations.length}x)`).join(', '),
    ]),
    table('Engines', ['Package', 'Needs Node', 'Problem'], engines, (each) => [each.package, each.range, each.problem]),
    table('Deprecated', ['Package', 'Message'], deprecated, (each) => [each.package, each.message]),
  ];
}

function gaps({ gaps }: AuditReport): string | null {
  if (gaps.length === 0) return null;
  return table('Checks without a result', ['Check', 'Reason'], gaps, (each) => [each.check, each.reason]);
}

function notices({ notices }: AuditReport): string | null {
  return table('Notices', ['Location', 'Notice'], notices, (each) => [each.location, each.message]);
}

/** No rows at all: the check gave no result, so that there is nothing to say, not even "none". */
function table<T>(
  title: string,
  columns: readonly string[],
  rows: readonly T[] | null | undefined,
  cells: (row: T) => readonly string[],
): string | null {
  if (rows == null) return null;
  if (rows.length === 0) return `## ${title}\n\nNone.`;
  const line = (values: readonly string[]): string => `| ${values.map(escapeMarkup).join(' | ')} |`;
  return [
    `## ${title}`,
    '',
    line(columns),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(cells(row))),
  ].join('\n');
}

/** What packages say of themselves must not become markup. */
function escapeMarkup(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[|<>`[\]\\]/g, (mark) => `\\${mark}`);
}
