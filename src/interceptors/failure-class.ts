import { type ErrorClassification, type ErrorClassifier, StageflowError } from '../errors/index.js';
import { type StageContext, type StageFailure, type StageOutput, StageStatus } from '../stage/index.js';

/** How an output failed; null if it did not. A stage that asks to be tried again has failed for now. */
export function failureOfOutput(output: StageOutput, ctx: StageContext): StageFailure | null {
  if (output.status === StageStatus.Fail) return output.failure;
  if (output.status !== StageStatus.Retry) return null;
  const error = new StageflowError({
    code: 'STAGE_RETRY_EXHAUSTED',
    message: `Stage "${ctx.stage.name}" asked to be retried in attempt ${ctx.attempt}: ${output.reason}.`,
    fix: 'Allow more attempts in RetryInterceptor, or let the stage return fail.',
    details: { stage: ctx.stage.name, attempt: ctx.attempt, reason: output.reason },
  });
  return { error, code: error.code, retryable: true, hint: null };
}

/** What a classifier, or that of the application, makes of a failure. What the stage said itself about trying again stands above it. */
export function classifyFailure(
  classifier: ErrorClassifier | null,
  failure: StageFailure,
  ctx: StageContext,
): ErrorClassification {
  if (classifier === null) return ctx.classify(failure);
  const { clock } = ctx;
  const found = classifier.classify(failure.error, clock.toEpochMs(clock.now()));
  return failure.retryable === null ? found : { ...found, retryable: failure.retryable };
}
