import { inspect } from 'node:util';
import { expect } from 'vitest';
import { AuthError, type AuthFailureReason, authenticate, type TokenVerifier } from '../../../src/auth/index.js';

/** The error that a token is refused with. Fails if it is let in, or refused with anything else than an AuthError. */
export async function refusal(verifier: TokenVerifier, token: unknown, options = {}): Promise<AuthError> {
  const outcome: unknown = await authenticate(verifier, token, options).then(
    () => 'let in',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AuthError);
  return outcome as AuthError;
}

/** The reason for a refusal, after a look that nothing of the token is in the error. */
export async function reasonFor(
  verifier: TokenVerifier,
  token: unknown,
  secrets: readonly string[] = [],
): Promise<AuthFailureReason> {
  const error = await refusal(verifier, token);
  expect(tracesOf(error, [...piecesOf(token), ...secrets])).toEqual([]);
  return error.reason;
}

/** Which of the texts can be found in an error, however one looks at it, its causes included. */
export function tracesOf(error: Error, texts: readonly string[]): string[] {
  const views = [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), `${error}`, `${error.stack}`];
  for (let cause: unknown = error.cause; cause !== undefined && cause !== null; ) {
    views.push(inspect(cause, { depth: 20, showHidden: true }), String(cause));
    cause = (cause as Error).cause;
  }
  return texts.filter((text) => views.some((view) => view.includes(text)));
}

const SHORTEST_PIECE = 12;

function piecesOf(token: unknown): string[] {
  if (typeof token !== 'string') return [];
  return [token, ...token.split('.')].filter((piece) => piece.length >= SHORTEST_PIECE);
}
