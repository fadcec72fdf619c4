import { StageflowError } from '../errors/index.js';

/** What a test has started that is still alive. */
export interface WorkLeft {
  /** Run ids. */
  readonly runs: readonly string[];
  /** How many timers wait. */
  readonly timers: number;
  /** `tool of run`, for requests that nobody answered. */
  readonly approvals: readonly string[];
}

/** @throws TEST_WORK_LEFT if anything is left */
export function requireNothingLeft({ runs, timers, approvals }: WorkLeft): void {
  const parts = [
    runs.length === 0 ? null : `${counted(runs.length, 'run')} (${runs.join(', ')})`,
    timers === 0 ? null : counted(timers, 'timer'),
    approvals.length === 0 ? null : `${counted(approvals.length, 'approval request')} (${approvals.join(', ')})`,
  ].filter((part) => part !== null);
  if (parts.length === 0) return;
  throw new StageflowError({
    code: 'TEST_WORK_LEFT',
    message: `The test ends while it has left alive: ${parts.join(', ')}.`,
    fix: 'Await every run, or cancel it; open the gates and advance the clock that stages wait for.',
    details: { runs, timers, approvals },
  });
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
