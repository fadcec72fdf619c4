import { StageflowError } from '../../errors/index.js';
import type { ApprovalRequest } from './approval-request.js';

/** The same for a request that never was and for one of another tenant: nobody learns which. */
export function unknownRequest(): StageflowError {
  return new StageflowError({
    code: 'APPROVAL_UNKNOWN',
    message: 'There is no such approval request.',
    fix: 'Take the id from pending(…), as somebody of the tenant that the request belongs to.',
  });
}

export function forbidden({ id, tool }: ApprovalRequest, reason: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'APPROVAL_FORBIDDEN',
    message: `The caller may not decide on the approval of tool "${tool.name}": ${reason}.`,
    fix: 'Let somebody decide whom the approver policy allows to.',
    details: { requestId: id, tool: tool.name, reason },
    cause,
  });
}

export function settledAlready({ id, tool }: ApprovalRequest, status: string): StageflowError {
  return new StageflowError({
    code: 'APPROVAL_SETTLED',
    message: `The approval of tool "${tool.name}" is ${status}, and that is final.`,
    fix: 'If the call is still wanted, let it be asked for again.',
    details: { requestId: id, tool: tool.name, status },
  });
}

export function editRefused({ id, tool }: ApprovalRequest, reason: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'APPROVAL_EDIT_INVALID',
    message: `The edited input of tool "${tool.name}" cannot be used: ${reason}.`,
    fix: 'Correct it and decide again; the request is still open.',
    details: { requestId: id, tool: tool.name },
    cause,
  });
}

/** Says what is wrong to whoever runs the service; never what was in the token. */
export function tokenRefused(reason: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'APPROVAL_TOKEN_INVALID',
    message: `A decision token was refused: ${reason}.`,
    fix: 'Send a fresh one, made by issueToken(…).',
    details: { reason },
    cause,
  });
}

/** @throws APPROVAL_OPTION_INVALID unless it holds */
export function demand(holds: boolean, option: string, expected: string): asserts holds {
  if (holds) return;
  throw new StageflowError({
    code: 'APPROVAL_OPTION_INVALID',
    message: `Approvals were given a value for ${option} that is not ${expected}.`,
    fix: `Give ${option} as ${expected}.`,
    details: { option },
  });
}
