import type { ErrorCode, Problem } from '../../errors/index.js';
import type { LintIssue } from '../../graph/index.js';
import type { SourcePlace } from './source-index.js';

/** What works, and is probably not what was meant. Beside the warnings of `lintGraph`. */
export const CheckWarning = {
  ToolTimeout: 'LINT_TOOL_TIMEOUT',
  ToolApproval: 'LINT_TOOL_APPROVAL',
  StageUnlisted: 'LINT_STAGE_UNLISTED',
} as const;
export type CheckWarning = (typeof CheckWarning)[keyof typeof CheckWarning];

/** One thing to look at. An error keeps the definition from being used; a warning does not. */
export interface Finding {
  readonly code: ErrorCode | LintIssue['code'] | CheckWarning;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly fix: string;
  /** Names that it is about, the most telling first: of classes, stages, tools or modules. */
  readonly subjects: readonly string[];
  /** Null if it could not be found. */
  readonly place: SourcePlace | null;
}

export type Unplaced = Omit<Finding, 'place'>;

/** Where a problem says whom it is about. */
const SUBJECTS = ['provider', 'class', 'stage', 'tool', 'interceptor', 'stages', 'chain', 'path', 'module', 'pipeline'];

/** A chain ends with what is missing: whoever asks for it stands before it. */
function namesIn(details: Problem['details'], key: string): unknown {
  const value = details[key];
  return key === 'chain' && Array.isArray(value) ? value.toReversed().slice(1) : value;
}

export function findingOf({ code, message, fix, details }: Problem): Unplaced {
  const subjects = SUBJECTS.flatMap((key) => namesIn(details, key)).filter((name) => typeof name === 'string');
  return { code, severity: 'error', message, fix, subjects: [...new Set(subjects)] };
}

export function lintFinding({ code, severity, message, fix, stages }: LintIssue): Unplaced {
  return { code, severity, message, fix, subjects: stages };
}
