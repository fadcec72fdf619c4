import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../clock/index.js';
import type { McpCaller } from './mcp-server-options.js';

export interface McpHttpOptions {
  /**
   * Who sent a request, for applications whose program verifies callers itself (`trustedCallers`). Null or a rejection
   * refuses the request. Default: the bearer token, for the verifier of the application.
   */
  readonly callerOf?: (request: IncomingMessage) => McpCaller | null | Promise<McpCaller | null>;
  /** Serves whoever comes, where nothing tells who calls. Default false. */
  readonly anonymous?: boolean;
  /** Hosts that requests may name, with their ports. Default: any. On a developer's machine name them: `127.0.0.1:3000`. */
  readonly allowedHosts?: readonly string[];
  /** Origins of web pages that may call. Default: none, so that no page a user happens to visit can. */
  readonly allowedOrigins?: readonly string[];
  /** Where clients learn how to get a token: the URL of the protected resource metadata (RFC 9728). */
  readonly resourceMetadataUrl?: string;
  /** How many clients may be connected. Default 1,000; more are asked to come later. */
  readonly maxSessions?: number;
  /** A client that is silent for so long, in ms, and has nothing under way has gone. Default 1,800,000. */
  readonly sessionIdleMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** Answers HTTP requests. `body` is for frameworks that have read it already. */
export interface McpHttpHandler {
  (request: IncomingMessage, response: ServerResponse, body?: unknown): Promise<void>;
  /** How many clients are connected. */
  readonly sessions: number;
  /** Ends all sessions, and the calls that came with them. */
  close(): Promise<void>;
}
