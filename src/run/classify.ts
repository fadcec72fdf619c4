import type { Clock } from '../clock/index.js';
import { classifyError, type ErrorClassification, type ErrorClassifier } from '../errors/index.js';
import type { StageFailure } from '../stage/index.js';

/**
 * What a failure is. What the stage said itself about trying again stands above what is found out; a classifier that throws
 * is passed over.
 * @param nowMs wall-clock time in ms since 1970
 */
export function classifyWith(classifier: ErrorClassifier, failure: StageFailure, nowMs: number): ErrorClassification {
  const { error, retryable } = failure;
  let found: ErrorClassification;
  try {
    found = classifier.classify(error, nowMs);
  } catch {
    found = classifyError(error, nowMs);
  }
  return retryable === null ? found : { ...found, retryable };
}

/** The same as things stand now. */
export function classifyNow(
  { classifier, clock }: { readonly classifier: ErrorClassifier; readonly clock: Clock },
  failure: StageFailure,
): ErrorClassification {
  return classifyWith(classifier, failure, clock.toEpochMs(clock.now()));
}
