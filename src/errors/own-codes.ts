import type { ErrorCode } from './codes.js';
import { ErrorCategory } from './error-classification.js';

const { Transient, Permanent, Policy, Logic, Systemic, Cancelled } = ErrorCategory;

const CODES: Partial<Record<ErrorCode, ErrorCategory>> = {
  STAGE_TIMEOUT: Transient,
  STAGE_RETRY_EXHAUSTED: Transient,
  RUN_TIMEOUT: Transient,
  CIRCUIT_OPEN: Transient,
  BULKHEAD_FULL: Transient,
  RATE_LIMITED: Transient,
  IDEMPOTENCY_MISMATCH: Permanent,
  IDEMPOTENCY_STORE_FAILED: Systemic,
  RUN_CANCELLED: Cancelled,
  STAGE_CANCELLED: Cancelled,
  APP_CLOSED: Systemic,
  DI_CONSTRUCTION_FAILED: Systemic,
  DI_DISPOSE_FAILED: Systemic,
  CLEANUP_FAILED: Systemic,
  AUTH_VERIFIER_FAILED: Systemic,
  AUTH_NOT_CONFIGURED: Logic,
  AUTH_OPTION_INVALID: Logic,
  ITEM_CANCELLED: Cancelled,
  ITEMS_TOO_FEW: Permanent,
  ARTIFACT_FORBIDDEN: Policy,
  ARTIFACT_STORE_FULL: Systemic,
  CONTRACT_VIOLATED: Permanent,
  TOOL_DENIED: Policy,
  TOOL_FAILED: Permanent,
  TOOL_TIMEOUT: Transient,
  TOOL_CANCELLED: Cancelled,
  TOOL_INPUT_INVALID: Permanent,
  TOOL_OUTPUT_INVALID: Permanent,
  TOOL_OUTCOME_UNKNOWN: Permanent,
  TOOL_CALL_REUSED: Logic,
  AGENT_TURNS_EXHAUSTED: Permanent,
  AGENT_BUDGET_EXHAUSTED: Policy,
  AGENT_TIMEOUT: Transient,
  AGENT_STAGNATED: Permanent,
  AGENT_ANSWER_INVALID: Permanent,
  AGENT_DENIED: Policy,
  AGENT_HISTORY_REFUSED: Policy,
  MODEL_FAILED: Transient,
  MODEL_ANSWER_INVALID: Transient,
  APPROVAL_OPTION_INVALID: Logic,
  UNDO_OPTION_INVALID: Logic,
  UNDO_FORBIDDEN: Policy,
  UNDO_AMBIGUOUS: Logic,
};

/** For what is not listed: the beginning of a code says what it is about. */
const AREAS: Readonly<Record<string, ErrorCategory>> = {
  APPROVAL: Policy,
  AUTH: Policy,
  TENANT: Policy,
  ARTIFACT: Permanent,
  PAYLOAD: Permanent,
  SNAPSHOT: Permanent,
  EXTENSION: Permanent,
  UNDO: Permanent,
};

/** What stageflow's own errors are: mistakes in the program, unless something else is known. */
export function categoryOfOwnCode(code: ErrorCode): ErrorCategory {
  return CODES[code] ?? AREAS[code.slice(0, code.indexOf('_'))] ?? Logic;
}
