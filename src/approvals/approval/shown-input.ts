import { diffText } from '../../diff/index.js';
import type { ApprovalRequest } from './approval-request.js';

/** Input as JSON, for people to look at: what JSON has no form for is shown as text. */
export function shownInput(input: unknown): unknown {
  const text = JSON.stringify(input, (_key, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Map || value instanceof Set) return [...value];
    return value;
  });
  return text === undefined ? null : JSON.parse(text);
}

/** A request in a few lines, for a message to its approver; of an edited one, what was changed. */
export function summariseApproval(request: ApprovalRequest): string {
  const { tool, pipeline, stage, requestedBy, input, decision, status } = request;
  const who = requestedBy === null ? 'somebody unknown' : `${requestedBy.kind} ${requestedBy.id}`;
  const head = `${tool.name} (${tool.effect}), asked for by ${who} in stage "${stage}" of "${pipeline}": ${status}`;
  const before = printed(input);
  if (decision?.edit === undefined || decision.edit === null) return `${head}\n${before}`;
  const { patch } = diffText(before, printed(decision.edit.input), { name: 'input' });
  return `${head}, edited\n${patch === '' ? before : patch}`;
}

function printed(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
