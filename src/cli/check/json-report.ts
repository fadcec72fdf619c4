import { relative } from 'node:path';
import type { CheckReport } from './check-target.js';

/** For programs. @param ok whether the command succeeds */
export function jsonReport({ file, findings, pipelines }: CheckReport, cwd: string, ok: boolean): object {
  return {
    ok,
    file: relative(cwd, file),
    pipelines,
    findings: findings.map(({ place, ...finding }) => ({
      ...finding,
      place: place === null ? null : { file: relative(cwd, place.file), line: place.line },
    })),
  };
}
