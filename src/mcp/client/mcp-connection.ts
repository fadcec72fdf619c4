/*
 * Owns: the connection to one server, which it opens when it is needed and opens again when it has ended.
 *
 * Invariants
 *  1. There is one connection at most, however many calls want it at once.
 *  2. A client that was given from outside is used as it is: not opened again, not closed.
 *  3. Nothing is opened after close().
 */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport, StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import {
  ListToolsResultSchema,
  type Tool,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type ClockTimer, systemClock } from '../../clock/index.js';
import { StageflowError } from '../../errors/index.js';
import { messageOf } from '../../stage/index.js';
import type { McpServerPlace } from './mcp-tools-options.js';

const MOST_PAGES = 100;
/** Reasons may hold what a server has answered. */
const LONGEST_REASON = 500;
/** How long a server has to take note that a session ends, in ms. It finds out by itself otherwise. */
const FAREWELL_MS = 5_000;

export class McpConnection {
  readonly #place: McpServerPlace;
  readonly #server: string;
  readonly #limit: { readonly timeout: number };
  readonly #onListChanged: () => void;
  #client: Client | null = null;
  #opening: Promise<Client> | null = null;
  #closed = false;
  /** Which connection it is: 1 for the first. What was listed over another is not current any more. */
  generation = 0;

  /** @param server what messages call it */
  constructor(server: string, options: McpServerPlace & { readonly silenceMs?: number }, onListChanged: () => void) {
    this.#server = server;
    this.#place = options;
    this.#limit = { timeout: options.silenceMs ?? 60_000 };
    this.#onListChanged = onListChanged;
  }

  /** @throws MCP_CONNECTION_FAILED */
  async client(): Promise<Client> {
    if (this.#closed) throw this.failed('its tools have been closed');
    if (this.#client !== null) return this.#client;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Everything that the server lists, all pages of it. @throws MCP_CONNECTION_FAILED */
  async list(): Promise<readonly Tool[]> {
    const client = await this.client();
    try {
      return await this.#pages(client);
    } catch (error) {
      if (!isForgotten(error)) throw this.#unlisted(error);
    }
    this.drop(client);
    return this.#pages(await this.client()).catch((error) => {
      throw this.#unlisted(error);
    });
  }

  /** The server does not know this connection any more: the next call opens another. */
  drop(client: Client): void {
    if (this.#client !== client || this.#place.client !== undefined) return;
    this.#client = null;
    client.close().catch(() => {}); // it is of no use, whatever becomes of it
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = this.#client ?? (await this.#opening?.catch(() => null));
    this.#client = null;
    if (client == null || this.#place.client !== undefined) return;
    await endSession(client);
    await client.close();
  }

  failed(why: string, cause?: unknown): StageflowError {
    return new StageflowError({
      code: 'MCP_CONNECTION_FAILED',
      message: `MCP server "${this.#server}" cannot be reached: ${why.slice(0, LONGEST_REASON)}.`,
      fix: 'Nothing was called. See that the server runs, and try again.',
      details: { server: this.#server },
      ...(cause === undefined ? {} : { cause }),
    });
  }

  async #pages(client: Client): Promise<readonly Tool[]> {
    const tools: Tool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const result = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, this.#limit);
      tools.push(...result.tools);
      cursor = result.nextCursor;
      if (cursor === undefined) return tools;
    }
    throw this.failed(`its list of tools goes on after ${MOST_PAGES} pages`);
  }

  #unlisted(error: unknown): unknown {
    return error instanceof StageflowError
      ? error
      : this.failed(`its tools could not be listed: ${messageOf(error)}`, error);
  }

  async #open(): Promise<Client> {
    const { client: given, transport } = this.#place;
    const client = given ?? new Client({ name: 'stageflow', version: '1' });
    try {
      if (transport !== undefined) await client.connect(await transport(), this.#limit);
    } catch (error) {
      throw this.failed(messageOf(error), error);
    }
    if (this.#closed) {
      if (given === undefined) await client.close();
      throw this.failed('its tools have been closed');
    }
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.#onListChanged());
    const { onclose } = client;
    client.onclose = () => {
      if (this.#client === client) this.#client = null;
      onclose?.();
    };
    this.#client = client;
    this.generation++;
    return client;
  }
}

/** The server does not know the session any more: it has done nothing, and wants to be asked in a new one. */
export function isForgotten(error: unknown): boolean {
  return error instanceof StreamableHTTPError && error.code === 404;
}

/** So that the server need not keep the session until it has been silent for long. */
async function endSession({ transport }: Client): Promise<void> {
  if (!(transport instanceof StreamableHTTPClientTransport)) return;
  let timer: ClockTimer | undefined;
  const late = new Promise<void>((resolve) => {
    timer = systemClock.setTimer(FAREWELL_MS, resolve);
  });
  await Promise.race([transport.terminateSession().catch(() => {}), late]);
  timer?.clear();
}
