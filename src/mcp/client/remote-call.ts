import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { type CallToolResult, CallToolResultSchema, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { StageflowError } from '../../errors/index.js';
import { messageOf, type ToolContext, ToolEffect } from '../../stage/index.js';
import { ToolFailedError, untilAborted } from '../../tools/index.js';
import { isForgotten, type McpConnection } from './mcp-connection.js';

/** Longer words of a server are cut: they go into events and to models. */
const LONGEST_TEXT = 2_000;

export interface RemoteTool {
  readonly server: string;
  /** As the server calls it. */
  readonly remoteName: string;
  /** As it is called here. */
  readonly name: string;
  readonly effect: ToolEffect;
  readonly hasSchema: boolean;
  readonly silenceMs: number;
}

/**
 * Calls a tool of a server, once. A session that the server has forgotten is opened anew, since it has called nothing.
 * @param check throws if the tool may not be called; asked again for every connection
 * @throws MCP_CONNECTION_FAILED if nothing was called
 * @throws MCP_CALL_FAILED if the server says that it failed
 * @throws ToolFailedError with MCP_OUTCOME_UNKNOWN if nobody knows
 */
export async function callRemote(
  connection: McpConnection,
  tool: RemoteTool,
  input: unknown,
  ctx: ToolContext,
  check: () => Promise<void>,
): Promise<unknown> {
  for (let isAgain = false; ; isAgain = true) {
    await untilAborted(check(), ctx.signal);
    const client = await untilAborted(connection.client(), ctx.signal);
    try {
      return outputOf(await request(client, tool, input, ctx), tool);
    } catch (error) {
      if (isAgain || !isForgotten(error)) throw meaningOf(error, tool, connection, ctx);
      connection.drop(client);
    }
  }
}

function request(client: Client, tool: RemoteTool, input: unknown, ctx: ToolContext): Promise<CallToolResult> {
  const { remoteName, silenceMs } = tool;
  const options: RequestOptions = {
    signal: ctx.signal,
    timeout: silenceMs,
    resetTimeoutOnProgress: true,
    onprogress: ({ progress, total, message }) => {
      const fraction = total === undefined || !(total > 0) ? 0 : Math.min(1, Math.max(0, progress / total));
      ctx.progress(Number.isNaN(fraction) ? 0 : fraction, message);
    },
  };
  const params = { name: remoteName, arguments: input as Record<string, unknown> };
  return client.request({ method: 'tools/call', params }, CallToolResultSchema, options);
}

/** Structured content, or the text of a result that has nothing else, or its parts. */
function outputOf({ isError, content, structuredContent }: CallToolResult, tool: RemoteTool): unknown {
  const isText = content.every((part) => part.type === 'text');
  const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
  if (isError === true) throw failedThere(tool, text === '' ? 'it gave no reason' : text);
  if (structuredContent !== undefined || tool.hasSchema) return structuredContent;
  return isText ? text : content;
}

function failedThere({ server, remoteName }: RemoteTool, said: string, cause?: unknown): StageflowError {
  return new StageflowError({
    code: 'MCP_CALL_FAILED',
    message: said.slice(0, LONGEST_TEXT),
    details: { server, tool: remoteName },
    ...(cause === undefined ? {} : { cause }),
  });
}

function meaningOf(error: unknown, tool: RemoteTool, connection: McpConnection, ctx: ToolContext): unknown {
  if (ctx.signal.aborted || error instanceof StageflowError) return error;
  if (error instanceof McpError && !UNANSWERED.has(error.code)) return failedThere(tool, messageOf(error), error);
  if (wasNotSent(error)) return connection.failed(messageOf(error), error);
  const silent = error instanceof McpError && error.code === ErrorCode.RequestTimeout;
  return unknownOutcome(tool, ctx.callId, silent ? 'was silent for too long' : 'broke the connection', error);
}

const UNANSWERED: ReadonlySet<number> = new Set([ErrorCode.ConnectionClosed, ErrorCode.RequestTimeout]);

/** Nobody was there, or what came was turned away before it was read. */
function wasNotSent(error: unknown): boolean {
  if (error instanceof StreamableHTTPError) return error.code !== undefined && error.code >= 400 && error.code < 500;
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  return cause?.code === 'ECONNREFUSED' || messageOf(error) === 'Not connected';
}

function unknownOutcome(tool: RemoteTool, callId: string, what: string, cause: unknown): ToolFailedError {
  const { server, remoteName, name, effect } = tool;
  return new ToolFailedError({
    code: 'MCP_OUTCOME_UNKNOWN',
    message: `MCP server "${server}" was called for "${remoteName}" and it ${what}; whether it took effect is unknown.`,
    fix: 'Find out before it is called again. If it needs longer, raise silenceMs.',
    details: { server },
    tool: name,
    callId,
    retryable: effect === ToolEffect.Read || effect === ToolEffect.Idempotent,
    cause,
  });
}
