import { type ArgumentsHost, Catch, HttpException } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import { AccessDenial } from '../auth/index.js';
import { ContractViolationError } from '../contracts/index.js';
import { AppClosing, classifyError, ERROR_CODES, StageflowError } from '../errors/index.js';
import { StageFailedError } from '../run/index.js';
import { HTTP_STATUS } from './http-status.js';

/**
 * Answers requests whose run failed with the status that fits, on Express and Fastify: register it as `APP_FILTER`, or
 * with `app.useGlobalFilters`. The answer says what kind of failure it was and the id of the run, and nothing of the
 * inside of the application. Status 500 goes to Nest, which logs it.
 */
@Catch(StageflowError)
export class StageflowExceptionFilter extends BaseExceptionFilter {
  override catch(error: StageflowError, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const { retryAfterMs } = classifyError(error);
    const answer = toHttpException(error);
    if (retryAfterMs !== null && answer instanceof HttpException) {
      const response: { header(name: string, value: string): unknown } = host.switchToHttp().getResponse();
      response.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)));
    }
    super.catch(answer, host);
  }
}

/**
 * The HTTP exception for what a run failed with, where you answer yourself; the error as it is if it is none of the
 * caller's business. An HttpException that a stage has thrown is what the request is answered with.
 */
export function toHttpException(error: StageflowError): HttpException | StageflowError {
  const failed = innermost(error);
  if (failed instanceof HttpException) return failed;
  const status = failed === null ? undefined : statusOf(failed);
  if (failed === null || status === undefined) return error;
  const { runId } = error.details;
  const issues = failed instanceof ContractViolationError ? { issues: failed.issues } : {};
  const shown = { statusCode: status, code: failed.code, message: ERROR_CODES[failed.code], ...issues };
  return new HttpException(typeof runId === 'string' ? { ...shown, runId } : shown, status, { cause: error });
}

/** What a stage failed with; null for what is neither ours nor Nest's. A failed child run is what it failed with. */
function innermost(error: unknown): StageflowError | HttpException | null {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof StageFailedError && current.code === 'STAGE_FAILED'; depth++) {
    current = current.failure.error;
  }
  return current instanceof StageflowError || current instanceof HttpException ? current : null;
}

function statusOf({ code, details, cause }: StageflowError): number | undefined {
  if (code === 'AUTH_FORBIDDEN' && details.reason === AccessDenial.NotAuthenticated) return 401;
  if (code === 'CONTRACT_VIOLATED') return isInput(details.subject) ? 400 : undefined;
  if (code === 'RUN_CANCELLED' && cause instanceof AppClosing) return 503;
  return HTTP_STATUS[code];
}

/** A contract that the caller has not kept; any other is broken by the application. */
function isInput(subject: unknown): boolean {
  return typeof subject === 'string' && subject.startsWith('the input of');
}
