import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { ContractViolationError } from '../../contracts/index.js';
import { ERROR_CODES, StageflowError } from '../../errors/index.js';
import { StageFailedError } from '../../run/index.js';
import { ToolDeniedError } from '../../tools/index.js';

/** What a call gave, as text and, if it is an object, as one. */
export function answerOf(output: unknown, runId: string): CallToolResult {
  const text = typeof output === 'string' ? output : (JSON.stringify(output) ?? 'null');
  const content = [{ type: 'text' as const, text }];
  const read: unknown = typeof output === 'object' ? JSON.parse(text) : null;
  const isObject = typeof read === 'object' && read !== null && !Array.isArray(read);
  const structured = isObject ? { structuredContent: read as Record<string, unknown> } : {};
  return { content, ...structured, _meta: { 'stageflow/runId': runId } };
}

/**
 * A failure as a client may know it: what kind it is, what is wrong with its arguments, what an approver said. What the
 * program or what it uses has to say of it stays inside, unless `explain` tells it.
 */
export function failureAnswer(
  thrown: unknown,
  runId: string | null,
  explain?: (error: Error) => string | undefined,
): CallToolResult {
  const error = innermost(thrown);
  const code = error instanceof StageflowError ? error.code : 'TOOL_FAILED';
  const told = explained(error, explain) ?? tellable(error) ?? ERROR_CODES[code];
  const text = runId === null ? told : `${told} (run ${runId})`;
  const meta = { 'stageflow/code': code, ...(runId === null ? {} : { 'stageflow/runId': runId }) };
  return { content: [{ type: 'text', text }], isError: true, _meta: meta };
}

/** What a stage of the run failed with, for a run that failed because of one. */
function innermost(thrown: unknown): unknown {
  let error = thrown;
  for (let depth = 0; depth < 8 && error instanceof StageFailedError && error.code === 'STAGE_FAILED'; depth++) {
    error = error.failure.error;
  }
  // What is not ours may say anything; that a stage failed is all that is known of it.
  return error instanceof StageflowError || !(thrown instanceof StageflowError) ? error : thrown;
}

function explained(error: unknown, explain?: (error: Error) => string | undefined): string | undefined {
  if (explain === undefined || !(error instanceof Error)) return undefined;
  try {
    return explain(error);
  } catch {
    return undefined; // what kind of failure it is can be told all the same
  }
}

/** Messages that hold nothing but what the caller gave, what contracts say, or what a person wrote for the caller. */
function tellable(error: unknown): string | undefined {
  if (error instanceof ToolDeniedError) return error.reason.startsWith('approval-') ? error.summary : undefined;
  if (error instanceof ContractViolationError) return isInput(error) ? error.summary : undefined;
  const isTold = error instanceof StageflowError && TOLD.has(error.code);
  return isTold ? error.summary : undefined;
}

const TOLD: ReadonlySet<string> = new Set(['TOOL_INPUT_INVALID', 'TOOL_ARGUMENTS_INVALID', 'TOOL_TIMEOUT']);

/** A contract that the caller has not kept; any other is broken by the application. */
function isInput({ details }: ContractViolationError): boolean {
  return typeof details.subject === 'string' && details.subject.startsWith('the input of');
}
