import { relative } from 'node:path';
import { counted } from '../output/counted.js';
import type { Palette } from '../output/palette.js';
import { plainText } from '../output/plain-text.js';
import type { CheckReport } from './check-target.js';
import type { Finding } from './finding.js';
import type { SourcePlace } from './source-index.js';

/** For people: each finding with its place, what to do, and a count at the end. */
export function textReport({ findings, pipelines }: CheckReport, cwd: string, palette: Palette): string {
  const blocks = findings.map((finding) => block(finding, cwd, palette));
  const summaries = pipelines.map(({ name, stages, tools }) => {
    const withTools = tools === 0 ? '' : `, ${counted(tools, 'tool')}`;
    return `${plainText(name)} (${counted(stages, 'stage')}${withTools})`;
  });
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const verdict =
    findings.length === 0
      ? palette.good('No problems')
      : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return `${[...blocks, `${verdict}: ${summaries.join(', ') || 'no pipelines'}`].join('\n')}\n`;
}

function block({ severity, code, message, fix, place }: Finding, cwd: string, palette: Palette): string {
  const label = severity === 'error' ? palette.bad('error') : palette.warn('warning');
  const where = place === null ? '' : `${showPlace(place, cwd)} `;
  return `${where}${label} ${plainText(message)} ${palette.faint(code)}\n  ${plainText(fix)}`;
}

export function showPlace({ file, line }: SourcePlace, cwd: string): string {
  return `${relative(cwd, file)}:${line}`;
}
