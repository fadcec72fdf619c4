import { classifyError } from '../../errors/index.js';
import { ModelError } from '../model/index.js';
import { fieldsOf } from './chat-chunks.js';

/** How the other side says that it did not do it. Its words are in `cause` alone: they may repeat what it was asked. */
export function refusedError(model: string, status: number, headers: Headers | null, body: string): ModelError {
  const { type, code, message } = errorIn(body);
  const cause = Object.assign(new Error(message), { status, type, code: code ?? type });
  const { category, retryable, retryAfterMs } = classifyError({ ...cause, status, headers });
  const called = [code ?? type].filter((word) => word !== undefined).map((word) => ` (${word})`);
  return new ModelError({
    message: `Model "${model}" answered with status ${status}${called.join('')}.`,
    fix: FIXES[status] ?? 'See the cause, which is what the server said.',
    status,
    retryable,
    retryAfterMs,
    details: { model, category },
    cause,
  });
}

const FIXES: Readonly<Record<number, string>> = {
  401: 'Check the API key.',
  403: 'Check what the API key may do.',
  404: 'Check baseUrl and the name of the model.',
  429: 'Ask less often, or have the limit raised.',
};

/** An error in the middle of an answer, whose status was fine. */
export function brokenOffError(model: string, body: string): ModelError {
  const { type, code, message } = errorIn(body);
  const cause = Object.assign(new Error(message), { type, code: code ?? type });
  const { category, retryable } = classifyError(cause);
  const message_ = `Model "${model}" broke off its answer${code === undefined ? '' : ` (${code})`}.`;
  return new ModelError({ message: message_, retryable, details: { model, category }, cause });
}

export function unreachableError(model: string, cause: unknown): ModelError {
  const { retryable, code } = classifyError(cause);
  return new ModelError({
    message: `Model "${model}" cannot be reached, or its connection broke (${code}).`,
    fix: 'Check baseUrl and the network.',
    retryable,
    details: { model },
    cause,
  });
}

export function unreadableError(model: string, what: string, cause?: unknown): ModelError {
  return new ModelError({
    code: 'MODEL_ANSWER_INVALID',
    message: `What model "${model}" said cannot be read: ${what}.`,
    fix: 'Check that baseUrl leads to a server of chat completions.',
    retryable: true,
    details: { model },
    cause,
  });
}

interface ServerError {
  readonly type: string | undefined;
  readonly code: string | undefined;
  readonly message: string;
}

/** `{ error: { message, type, code } }`, or something like it. */
function errorIn(body: string): ServerError {
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(body);
  } catch {
    // a page of a proxy, for example
  }
  const outer = fieldsOf(Array.isArray(parsed) ? parsed[0] : parsed);
  const error = fieldsOf(outer?.error) ?? outer ?? {};
  const word = (value: unknown): string | undefined =>
    typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined;
  const message = typeof error.message === 'string' ? error.message : body.slice(0, 1_000);
  return { type: word(error.type), code: word(error.code), message };
}
