import type { RunOutcome } from 'stageflow';
import { AuditInputError } from './services/audit-input-error.js';
import { LICENCE_DENIED } from './stages/licence-guard.js';

/** What the process says to whoever started it. */
export const ExitCode = {
  /** Every check ran, and the policy accepts every licence. */
  Accepted: 0,
  /** The policy denies a licence. */
  Denied: 1,
  /** There is nothing that could be audited, or nowhere to write the report: see the message. */
  BadInput: 2,
  /** A check gave no result; the report says which. Not accepted, since nobody knows. */
  Incomplete: 3,
  /** Stopped by Ctrl-C. */
  Interrupted: 130,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A denial counts for more than whatever else went wrong. */
export function exitCodeOf({ status, results }: RunOutcome): ExitCode {
  if (status === 'cancelled') return ExitCode.Interrupted;
  const failures = results.failures.map((each) => each.failure?.code);
  if (failures.includes(LICENCE_DENIED)) return ExitCode.Denied;
  if (failures.includes(AuditInputError.code)) return ExitCode.BadInput;
  // The run also completes where a check failed that the report can do without: that is not yet a success.
  return status === 'completed' && failures.length === 0 ? ExitCode.Accepted : ExitCode.Incomplete;
}
