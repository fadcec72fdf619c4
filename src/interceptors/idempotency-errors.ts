/* Why a stage that runs once per key did not run. None of them names the key or the parameters: both are the caller's. */
import { StageflowError } from '../errors/index.js';
import { type StageContext, StageOutput } from '../stage/index.js';

export function keyInvalid(ctx: StageContext, key: unknown): StageOutput {
  const what = typeof key === 'string' ? 'this run has one that is blank or too long' : 'this run has none';
  return StageOutput.fail(
    new StageflowError({
      code: 'IDEMPOTENCY_KEY_INVALID',
      message: `Stage "${ctx.stage.name}" runs once per idempotency key, but ${what}.`,
      fix: 'Start the run with identity: { requestId }, or give IdempotencyInterceptor a key of your own that finds one.',
      details: { stage: ctx.stage.name, pipeline: ctx.pipeline },
    }),
    { retryable: false },
  );
}

export function idempotencyMismatch(ctx: StageContext): StageOutput {
  return StageOutput.fail(
    new StageflowError({
      code: 'IDEMPOTENCY_MISMATCH',
      message: `Stage "${ctx.stage.name}" was asked to run again under an idempotency key that was used with other parameters.`,
      fix: 'Use a key of its own for each different request.',
      details: { stage: ctx.stage.name, pipeline: ctx.pipeline },
    }),
    { retryable: false },
  );
}

export function storeFailed(ctx: StageContext, cause: unknown): StageflowError {
  return new StageflowError({
    code: 'IDEMPOTENCY_STORE_FAILED',
    message: `Stage "${ctx.stage.name}" was not run: the store of idempotency keys failed.`,
    fix: 'See the cause. Without the store nobody knows whether the work was done already.',
    details: { stage: ctx.stage.name, pipeline: ctx.pipeline },
    cause,
  });
}
