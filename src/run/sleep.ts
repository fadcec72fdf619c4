import type { Clock } from '../clock/index.js';
import type { CancelScope } from './cancel-scope.js';
import { cancelledError, DURATION_FIX, invalidNumber, isDuration } from './context-errors.js';

/** Waits on the clock; ends early with STAGE_CANCELLED when the scope is cancelled. */
export function sleepIn(scope: CancelScope, clock: Clock, stage: string, delayMs: number): Promise<void> {
  if (!isDuration(delayMs)) return Promise.reject(invalidNumber(stage, `was to sleep for ${delayMs} ms`, DURATION_FIX));
  return new Promise((resolve, reject) => {
    if (scope.cancelled) {
      reject(cancelledError(stage, scope.reason));
      return;
    }
    const timer = clock.setTimer(delayMs, () => {
      stopListening();
      resolve();
    });
    const stopListening = scope.onCancel((reason) => {
      timer.clear();
      stopListening();
      reject(cancelledError(stage, reason));
    });
  });
}
