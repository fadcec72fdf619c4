/*
 * The sessions of clients that come over HTTP.
 *
 * Invariants
 *  1. A session is used by the caller who opened it, and by nobody else, whatever token comes with its id.
 *  2. What is under way keeps its session; one that is silent for long enough is ended, and cannot be held open for nothing.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js';
import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type ClockTimer, systemClock } from '../../clock/index.js';
import type { CallerRules } from '../../run/index.js';
import { openDoor, type Refusal, type Visitor } from './http-door.js';
import type { McpHttpHandler, McpHttpOptions } from './http-options.js';
import type { McpCaller } from './mcp-server-options.js';
import type { Serve } from './serve.js';

interface Session {
  readonly transport: StreamableHTTPServerTransport;
  readonly owner: string;
  /** How many exchanges are open. */
  underWay: number;
  timer: ClockTimer | null;
  hasEnded: boolean;
}

/** @throws MCP_SERVER_INVALID if nothing tells who calls */
export function openHttp(serve: Serve, rules: CallerRules, options: McpHttpOptions): McpHttpHandler {
  const door = openDoor(rules, options);
  const sessions = new HttpSessions(serve, options);
  const handle = async (request: IncomingMessage, response: ServerResponse, body?: unknown): Promise<void> => {
    try {
      const visitor = await door(request);
      if ('status' in visitor) refuse(response, visitor, options.resourceMetadataUrl);
      else await sessions.handle(visitor, request, response, body);
    } catch {
      // Nobody waits for the listener of a server, and no client is told of its inside.
      if (response.headersSent) response.destroy();
      else refuse(response, BROKEN);
    }
  };
  return Object.defineProperty(Object.assign(handle, { close: () => sessions.close(), sessions: 0 }), 'sessions', {
    get: () => sessions.size,
  });
}

class HttpSessions {
  readonly #serve: Serve;
  readonly #options: McpHttpOptions;
  readonly #sessions = new Map<string, Session>();

  constructor(serve: Serve, options: McpHttpOptions) {
    this.#serve = serve;
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  async handle(visitor: Visitor, request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    const id = request.headers['mcp-session-id'];
    if (id === undefined) return this.#open(visitor, request, response, body);
    const session = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    // Of another caller: the answer is the same, so that ids cannot be tried out.
    if (session === undefined || session.owner !== visitor.owner) return refuse(response, NO_SESSION);
    await this.#use(session, visitor.caller, request, response, body);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ transport }) => transport.close()));
  }

  async #open(visitor: Visitor, request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    if (this.#sessions.size >= (this.#options.maxSessions ?? 1_000)) return refuse(response, FULL);
    const { StreamableHTTPServerTransport: Http } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
    let opened: string | null = null;
    const transport = new Http({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => {
        opened = id;
        this.#sessions.set(id, session);
      },
    });
    const session: Session = { transport, owner: visitor.owner, underWay: 0, timer: null, hasEnded: false };
    transport.onclose = () => {
      session.hasEnded = true;
      session.timer?.clear();
      if (opened !== null) this.#sessions.delete(opened);
    };
    // The class says of optional callbacks that they may be undefined, which the interface does not.
    await this.#serve(transport as Transport, ({ authInfo }) => callerIn(authInfo));
    await this.#use(session, visitor.caller, request, response, body);
    if (opened === null) await transport.close(); // it was no client that begins
  }

  async #use(
    session: Session,
    caller: McpCaller,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    session.underWay++;
    session.timer?.clear();
    response.once('close', () => {
      session.underWay--;
      if (session.underWay === 0 && !session.hasEnded) this.#rest(session);
    });
    const auth: AuthInfo = { token: caller.token ?? '', clientId: '', scopes: [], extra: { caller } };
    await session.transport.handleRequest(Object.assign(request, { auth }), response, body);
  }

  #rest(session: Session): void {
    const { clock = systemClock, sessionIdleMs = 1_800_000 } = this.#options;
    session.timer?.clear();
    session.timer = clock.setTimer(sessionIdleMs, () => void session.transport.close());
    session.timer.keepAlive?.(false);
  }
}

function callerIn(info: AuthInfo | undefined): McpCaller {
  return (info?.extra?.caller as McpCaller | undefined) ?? {};
}

const NO_SESSION: Refusal = { status: 404, message: 'There is no such session.' };
const BROKEN: Refusal = { status: 500, message: 'The request could not be answered.' };
const FULL: Refusal = { status: 503, message: 'Too many clients are connected.' };

function refuse(response: ServerResponse, { status, message }: Refusal, metadata?: string): void {
  const challenge = metadata === undefined ? 'Bearer' : `Bearer resource_metadata="${metadata}"`;
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(status === 401 ? { 'www-authenticate': challenge } : {}),
  });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code: -32_000, message }, id: null }));
}
