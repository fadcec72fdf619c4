import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { McpCaller } from './mcp-server-options.js';

export type CallExtra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Serves a transport whose caller stands with each request. */
export type Serve = (transport: Transport, callerOf: (extra: CallExtra) => McpCaller) => Promise<void>;
