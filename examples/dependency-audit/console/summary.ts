import { formatBytes } from '../services/format-bytes.js';
import type { AuditReport } from '../services/report.js';
import type { ReportFiles } from '../services/report-writer.js';

/** The report in a few lines. */
export function summary(report: AuditReport, files: ReportFiles): string {
  const { project, packages, sizes } = report;
  const rows: [string, string][] = [
    ['project', `${project.name}${project.version === null ? '' : ` ${project.version}`} (${project.lockfile})`],
    ['packages', `${packages.total}, of which ${packages.notInstalled} are not installed here`],
    ['size', sizes === null ? 'no result' : `${formatBytes(sizes.bytes)} in ${sizes.files} files`],
    ['licences', licences(report)],
    ['policy', report.reason === null ? report.verdict : `${report.verdict}. ${report.reason}`],
    ['duplicates', count(report.duplicates, 'installed in several versions')],
    ['engines', count(report.engines, 'not made for this Node, or for all that the project promises')],
    ['deprecated', count(report.deprecated, 'given up by their authors')],
    ['notices', count(report.notices, 'in the report')],
    ['report', files.markdown],
    ['', files.json],
  ];
  return rows.map(([label, text]) => `${label.padEnd(12)}${text}`).join('\n');
}

function licences({ licences }: AuditReport): string {
  if (licences === null) return 'no result';
  return Object.entries(licences.counts)
    .map(([licence, packages]) => `${licence} ${packages}`)
    .join(', ');
}

function count(list: readonly unknown[] | null, meaning: string): string {
  if (list === null) return 'no result';
  return list.length === 0 ? 'none' : `${list.length} ${meaning}`;
}
