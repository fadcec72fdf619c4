/*
 * Who stands at the door.
 *
 * Invariants
 *  1. A request gets past it only with a caller that the verifier of the application, or `callerOf`, recognised, or where
 *     anonymous callers are meant to come in.
 *  2. It knows a caller by what was verified, never by what the request says.
 */
import type { IncomingMessage } from 'node:http';
import { AuthContext, AuthError, AuthFailureReason, authenticate, type OrgContext } from '../../auth/index.js';
import { type Clock, systemClock } from '../../clock/index.js';
import { StageflowError } from '../../errors/index.js';
import type { CallerRules } from '../../run/index.js';
import type { McpHttpOptions } from './http-options.js';
import type { McpCaller } from './mcp-server-options.js';

/** A caller that may come in, and what its sessions are told apart by. */
export interface Visitor {
  readonly caller: McpCaller;
  readonly owner: string;
}

/** A request that is turned away. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

export type Door = (request: IncomingMessage) => Promise<Visitor | Refusal>;

/** @throws MCP_SERVER_INVALID if nothing tells who calls */
export function openDoor(rules: CallerRules, options: McpHttpOptions): Door {
  const { callerOf, anonymous = false, clock = systemClock } = options;
  if (callerOf === undefined && rules.verifier === undefined && !anonymous) throw unguarded();
  return async (request) => {
    const foreign = foreignPlace(request, options);
    if (foreign !== null) return foreign;
    try {
      if (callerOf !== undefined) return visitor(await callerOf(request));
      if (rules.verifier === undefined) return visitor({});
      return await recognised(request, rules, clock);
    } catch (error) {
      return refusalOf(error);
    }
  };
}

/** Keeps pages that a user visits from reaching a server on their machine, by a name of theirs or by their browser. */
function foreignPlace({ headers }: IncomingMessage, options: McpHttpOptions): Refusal | null {
  const { allowedHosts, allowedOrigins = [] } = options;
  if (headers.origin !== undefined && !allowedOrigins.includes(headers.origin)) {
    return { status: 403, message: 'Requests of this origin are not allowed.' };
  }
  if (allowedHosts === undefined || allowedHosts.includes(headers.host ?? '')) return null;
  return { status: 403, message: 'Requests to this host are not allowed.' };
}

async function recognised(request: IncomingMessage, rules: CallerRules, clock: Clock): Promise<Visitor | Refusal> {
  const token = bearerOf(request);
  if (token === null && rules.anonymousCallers) return visitor({});
  const { auth, org } = await verified(token, rules, clock);
  return { caller: token === null ? {} : { token }, owner: ownerOf(auth, org) };
}

async function verified(token: string | null, rules: CallerRules, clock: Clock) {
  const { verifier, verifyMs, maxTokenBytes, onVerifierFault } = rules;
  const limit = new AbortController();
  const late = new AuthError(AuthFailureReason.VerifierFailed);
  const timer = verifyMs > 0 ? clock.setTimer(verifyMs, () => limit.abort(late)) : null;
  try {
    const answer = authenticate(verifier, token, {
      signal: limit.signal,
      ...(maxTokenBytes === undefined ? {} : { maxTokenBytes }),
      ...(onVerifierFault === undefined ? {} : { onVerifierFault }),
    });
    const passed = new Promise<never>((_, reject) => {
      limit.signal.addEventListener('abort', () => reject(late), { once: true });
    });
    return await Promise.race([answer, passed]);
  } finally {
    timer?.clear();
  }
}

/** The scheme is read whatever its case; anything else is no token. */
function bearerOf({ headers }: IncomingMessage): string | null {
  const [scheme = '', token = ''] = (headers.authorization ?? '').split(' ');
  return scheme.toLowerCase() === 'bearer' && token !== '' ? token : null;
}

function visitor(caller: McpCaller | null): Visitor | Refusal {
  if (caller === null || typeof caller !== 'object') return { status: 401, message: 'The caller is not known.' };
  const { auth = AuthContext.anonymous, org } = caller;
  return AuthContext.is(auth)
    ? { caller, owner: ownerOf(auth, org) }
    : { status: 401, message: 'The caller is not known.' };
}

function ownerOf({ kind, principalId, orgId }: AuthContext, org: OrgContext | undefined): string {
  return JSON.stringify([kind, principalId, org?.orgId ?? orgId, org?.tenantId ?? null]);
}

/** What went wrong with a verifier is told to nobody outside. */
function refusalOf(error: unknown): Refusal {
  const isBroken = error instanceof AuthError && error.reason === AuthFailureReason.VerifierFailed;
  return isBroken
    ? { status: 503, message: 'Callers cannot be recognised at the moment.' }
    : { status: 401, message: 'The caller is not known.' };
}

function unguarded(): StageflowError {
  return new StageflowError({
    code: 'MCP_SERVER_INVALID',
    message: 'Tools are to be served over HTTP, but nothing tells who calls.',
    fix: 'Create the application with a verifier, give callerOf, or say anonymous: true if anybody may call.',
    details: {},
  });
}
