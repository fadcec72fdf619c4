import { StageflowError } from '../errors/index.js';
import type { RunKey } from './journal-store.js';

export function runMissing({ runId, tenant }: RunKey): StageflowError {
  const whose = tenant === null ? 'no tenant' : 'this tenant';
  return new StageflowError({
    code: 'JOURNAL_RUN_MISSING',
    message: `The journal has no run "${runId}" of ${whose}.`,
    fix: 'Ask with the tenant that the run was for; runs of others are never found.',
    details: { runId },
  });
}

export function journalCorrupt({ runId }: RunKey, problem: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'JOURNAL_CORRUPT',
    message: `The journal of run "${runId}" cannot be read: ${problem}.`,
    fix: 'Read it with the key it was sealed with and a release that knows its version; what is damaged is lost.',
    details: { runId, problem },
    cause,
  });
}

export function journalFailed(runId: string, cause: unknown): StageflowError {
  return new StageflowError({
    code: 'JOURNAL_FAILED',
    message: `The journal of run "${runId}" cannot be written any more.`,
    fix: 'Look at the cause. Stages that change the world are not called without it.',
    details: { runId },
    cause,
  });
}

/** @param what what was left out */
export function journalIncomplete(runId: string, what: string, why: string, fix: string): StageflowError {
  return new StageflowError({
    code: 'JOURNAL_INCOMPLETE',
    message: `The journal of run "${runId}" lacks ${what}: ${why}.`,
    fix,
    details: { runId, what },
  });
}

export function outcomeUnknown(stage: string, runId: string): StageflowError {
  return new StageflowError({
    code: 'STAGE_OUTCOME_UNKNOWN',
    message: `Stage "${stage}" was under way when run "${runId}" was interrupted; whether it took effect is unknown.`,
    fix: 'Find out, and say so: resume(…, { inFlight: { [stage]: … } }). Give the stage idempotent: true if it may be repeated.',
    details: { stage, runId },
  });
}
