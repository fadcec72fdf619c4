import type { ErrorCode } from '../errors/index.js';
import { StageKind, type StageSpec } from '../stage/index.js';
import { analyseGraph, type GraphAnalysis } from './analyse.js';
import type { GraphInit } from './graph-init.js';
import { quote } from './quote.js';

/** Things that work, but are probably not what was meant. */
export const LintWarning = {
  IsolatedStage: 'LINT_ISOLATED_STAGE',
  UnusedRoute: 'LINT_UNUSED_ROUTE',
  UnusedGuard: 'LINT_UNUSED_GUARD',
} as const;
export type LintWarning = (typeof LintWarning)[keyof typeof LintWarning];

/** One thing to look at. An error would keep the pipeline from being built; a warning would not. */
export interface LintIssue {
  readonly code: ErrorCode | LintWarning;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix: string;
  /** The stages concerned, by name. */
  readonly stages: readonly string[];
}

/**
 * Reviews a definition: its problems as errors, and what is odd as warnings. At most one warning per stage, and none
 * for a stage that has an error. Never throws.
 */
export function lintGraph(init: GraphInit): readonly LintIssue[] {
  const analysis = analyseGraph(init);
  const issues = analysis.problems.map(({ code, message, fix, details }): LintIssue => {
    return Object.freeze({ code, severity: 'error', message, fix, stages: details.stages as readonly string[] });
  });
  const withErrors = new Set(issues.flatMap(({ stages }) => stages));
  const conditions = new Set(analysis.draft.stages.map(({ condition }) => condition));
  for (const [index, spec] of analysis.draft.stages.entries()) {
    if (spec.name === '' || withErrors.has(spec.name)) continue;
    const warning = findWarning(analysis, spec, index, conditions);
    if (warning !== null) issues.push(Object.freeze({ ...warning, severity: 'warning', stages: [spec.name] }));
  }
  return Object.freeze(issues);
}

type Warning = Pick<LintIssue, 'code' | 'message' | 'fix'>;

function findWarning(
  { draft, adjacency }: GraphAnalysis,
  spec: StageSpec,
  index: number,
  conditions: ReadonlySet<string | null>,
): Warning | null {
  const stage = `${quote(spec.name)} of pipeline ${quote(draft.name)}`;
  const alone = draft.stages.length === 1;
  const hasDependents = adjacency.dependentOffsets[index + 1]! > adjacency.dependentOffsets[index]!;
  if (spec.kind === StageKind.Route && !conditions.has(spec.name)) {
    return {
      code: LintWarning.UnusedRoute,
      message: `No condition looks at the route stage ${stage}, so it decides nothing.`,
      fix: 'Let the stages of each branch have a condition on it, or give it another kind.',
    };
  }
  if (spec.kind === StageKind.Guard && !hasDependents && !alone && spec.retryFrom === undefined) {
    return {
      code: LintWarning.UnusedGuard,
      message: `Nothing depends on the guard stage ${stage}, so it holds nothing back.`,
      fix: 'Let the stages it protects depend on it.',
    };
  }
  if (spec.dependsOn.length === 0 && !hasDependents && !alone) {
    return {
      code: LintWarning.IsolatedStage,
      message: `Stage ${stage} has neither dependencies nor dependents.`,
      fix: 'Connect it, or move it to a pipeline of its own.',
    };
  }
  return null;
}
