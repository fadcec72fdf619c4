import { StageflowError } from '../errors/index.js';

/** @param what the call that was not made, or not answered */
export function callUnknown(runId: string, what: string): StageflowError {
  return new StageflowError({
    code: 'REPLAY_CALL_UNKNOWN',
    message: `The replay of run "${runId}" comes to ${what}, which the run did not make, or which was not answered.`,
    fix: 'A replay makes no calls of its own: look at what its stage read.',
    details: { runId, what },
  });
}
