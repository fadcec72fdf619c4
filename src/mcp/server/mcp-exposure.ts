/*
 * Owns: the connections of clients, and what they may call.
 * Does not own: the application; it is closed by whoever made it.
 *
 * Invariants
 *  1. Every call is a run of its own, for the caller of the request it came with.
 *  2. A call that its client cancels, or whose connection ends, is cancelled.
 */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type CallToolRequest,
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import type { RunHost, RunInput, RunOptions } from '../../run/index.js';
import { answerOf, failureAnswer } from './call-answer.js';
import type { McpHttpHandler, McpHttpOptions } from './http-options.js';
import { openHttp } from './http-sessions.js';
import type { McpCaller, McpServerOptions } from './mcp-server-options.js';
import type { OfferedEntry } from './offered-entry.js';
import { ProgressRelay } from './progress-relay.js';
import type { CallExtra, Serve } from './serve.js';
import { traceHeaders } from './trace-headers.js';

/** What an application offers to MCP clients: what `mcpServer` gives. */
export class McpExposure {
  readonly #host: RunHost;
  readonly #entries: ReadonlyMap<string, OfferedEntry>;
  readonly #options: McpServerOptions;
  readonly #open = new Set<Server>();
  readonly #doors = new Set<McpHttpHandler>();

  /** Made by `mcpServer`. */
  constructor(host: RunHost, entries: ReadonlyMap<string, OfferedEntry>, options: McpServerOptions) {
    this.#host = host;
    this.#entries = entries;
    this.#options = options;
  }

  /** What is offered, by name. */
  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** For what goes on with recorded calls, such as those that waited for an approval: `stageflow/journal`. */
  get '~runs'(): RunHost {
    const { engine, find } = this.#host;
    const bounds = [...this.#entries.values()].map(({ bound }) => bound);
    return { engine, find: (name) => bounds.find(({ graph }) => graph.name === name) ?? find(name) };
  }

  /**
   * Serves one client over a transport, such as stdio, for one caller. Default: an anonymous one, whom an application with
   * a verifier refuses.
   */
  async connect(transport: Transport, caller: McpCaller = {}): Promise<void> {
    await this.#serve(transport, () => caller);
  }

  /**
   * Serves clients over streamable HTTP: a listener for `node:http` and what is built on it. Every request is recognised by
   * its bearer token, with the verifier of the application.
   * @throws MCP_SERVER_INVALID if nothing tells who calls, unless `anonymous` says that this is meant
   */
  http(options: McpHttpOptions = {}): McpHttpHandler {
    const door = openHttp(
      (transport, callerOf) => this.#serve(transport, callerOf),
      this.#host.engine.callers,
      options,
    );
    this.#doors.add(door);
    return door;
  }

  /** Ends all connections and the calls that came over them. The application goes on. */
  async close(): Promise<void> {
    await Promise.all([...this.#doors].map((door) => door.close()));
    await Promise.all([...this.#open].map((server) => server.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(...[transport, callerOf]: Parameters<Serve>): Promise<void> {
    const { name, version, instructions } = this.#options;
    const capabilities = { tools: {} };
    const server = new Server(
      { name, version },
      { capabilities, ...(instructions === undefined ? {} : { instructions }) },
    );
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: [...this.#entries.values()].map(({ listed }) => listed),
    }));
    server.setRequestHandler(CallToolRequestSchema, (request, extra) => this.#call(request, extra, callerOf(extra)));
    server.onclose = () => this.#open.delete(server);
    this.#open.add(server);
    await server.connect(transport);
  }

  async #call({ params }: CallToolRequest, extra: CallExtra, caller: McpCaller): Promise<CallToolResult> {
    const entry = this.#entries.get(params.name);
    if (entry === undefined) throw new McpError(ErrorCode.InvalidParams, `There is no tool "${params.name}".`);
    const { explain } = this.#options;
    let runId: string | null = null;
    try {
      const input = await entry.input(params.arguments ?? {}, String(extra.requestId));
      const run = this.#host.engine.start(entry.bound, this.#inputOf(input, caller), this.#optionsOf(entry, extra));
      runId = run.id;
      const outcome = await run.result;
      if (outcome.status !== 'completed') return failureAnswer(outcome.error, runId, explain);
      return answerOf(entry.answer(outcome.results), runId);
    } catch (error) {
      return failureAnswer(error, runId, explain);
    }
  }

  #inputOf(input: RunInput, { token, auth, org }: McpCaller): RunInput {
    return {
      ...input,
      ...(token === undefined ? {} : { token }),
      ...(auth === undefined ? {} : { auth }),
      ...(org === undefined ? {} : { org }),
    };
  }

  #optionsOf({ bound, ofTool }: OfferedEntry, extra: CallExtra): RunOptions {
    const { toolMode, timeoutMs } = this.#options;
    const relay = this.#relayOf(bound.stages.length, ofTool, extra);
    return {
      signal: extra.signal,
      headers: traceHeaders(extra.requestInfo?.headers),
      ...(relay === null ? {} : { sinks: [relay] }),
      ...(toolMode === undefined ? {} : { toolMode }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
  }

  /** @returns null for a client that does not ask how far its call is */
  #relayOf(stages: number, ofTool: boolean, { _meta: meta, sendNotification }: CallExtra): ProgressRelay | null {
    const progressToken = meta?.progressToken;
    if (progressToken === undefined) return null;
    return new ProgressRelay(stages, ofTool, (progress) => {
      const params = { progressToken, ...progress };
      // A client that is not there to be told hears of nothing else either.
      sendNotification({ method: 'notifications/progress', params }).catch(() => {});
    });
  }
}
