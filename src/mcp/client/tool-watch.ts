/*
 * Compares what a server lists with what was approved.
 *
 * Invariants
 *  1. A tool may be called only while the server lists it exactly as it was approved.
 *  2. What was listed over an earlier connection, or before the server said that its list has changed, is not believed.
 */
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { Clock } from '../../clock/index.js';
import { StageflowError } from '../../errors/index.js';
import type { ToolRefusal } from '../../tools/index.js';
import type { McpConnection } from './mcp-connection.js';
import type { McpToolChange } from './mcp-tools-options.js';
import { type McpPins, mcpFingerprint } from './mcp-trust.js';

/** How often in a row a list may have changed while it was asked for. */
const MOST_ROUNDS = 3;

interface WatchInit {
  readonly server: string;
  readonly connection: McpConnection;
  readonly clock: Clock;
  readonly recheckMs: number;
  readonly onChange: (change: McpToolChange) => void;
}

export class ToolWatch {
  readonly #init: WatchInit;
  #approved: McpPins = {};
  #listed: ReadonlyMap<string, string> = new Map();
  #mounted: ReadonlySet<string> = new Set();
  #listedAt = Number.NEGATIVE_INFINITY;
  #generation = 0;
  #stale = true;
  #asking: Promise<void> | null = null;
  /** What has been told, by tool. */
  readonly #told = new Map<string, string>();

  constructor(init: WatchInit) {
    this.#init = init;
  }

  /** Fingerprints of what the server lists now. */
  get listed(): McpPins {
    return Object.fromEntries(this.#listed);
  }

  /** By the names of the server. */
  get mounted(): readonly string[] {
    return [...this.#mounted];
  }

  /** The tools that are mounted, and what was approved of them. @param mounted by the names of the server */
  begin(tools: readonly Tool[], approved: McpPins, mounted: readonly string[]): void {
    this.#approved = approved;
    this.#mounted = new Set(mounted);
    // What is left out on purpose is no news.
    for (const tool of tools) {
      if (!this.#mounted.has(tool.name)) this.#told.set(tool.name, `added ${mcpFingerprint(tool)}`);
    }
    this.#stale = false;
    this.#read(tools, this.#init.connection.generation);
  }

  /** The server says that something has changed. */
  changed(): void {
    this.#stale = true;
    this.lookAgain();
  }

  /** In the background, so that what has changed, or is back to what it was, is known soon. */
  lookAgain(): void {
    this.fresh().catch(() => {}); // that the server cannot be reached, the next call finds out
  }

  /** Asks for the list again unless what is known is current. @throws MCP_CONNECTION_FAILED */
  async fresh(): Promise<void> {
    const { connection, clock, recheckMs } = this.#init;
    await connection.client(); // which may be another one than before
    if (!this.#isOutdated && clock.now() - this.#listedAt < recheckMs) return;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      this.#asking ??= this.#ask().finally(() => {
        this.#asking = null;
      });
      await this.#asking;
      if (!this.#isOutdated) return;
    }
    throw connection.failed('its list of tools keeps changing');
  }

  /** Why a tool may not be called; null if it may. */
  refusal(tool: string): ToolRefusal | null {
    const kind = this.#differenceOf(tool);
    if (kind === null) return null;
    const { server } = this.#init;
    const cause = new StageflowError({
      code: 'MCP_TOOL_CHANGED',
      message: `MCP server "${server}" ${WHAT[kind]} its tool "${tool}".`,
      fix: FIX,
      details: { server, ...this.#changeOf(tool, kind) },
    });
    return { reason: 'changed', message: `MCP server "${server}" ${WHAT[kind]} it`, fix: FIX, cause };
  }

  get #isOutdated(): boolean {
    return this.#stale || this.#generation !== this.#init.connection.generation;
  }

  async #ask(): Promise<void> {
    const { connection } = this.#init;
    const { generation } = connection;
    this.#stale = false; // before it asks: a change that is reported meanwhile makes it ask once more
    try {
      this.#read(await connection.list(), generation);
    } catch (error) {
      this.#stale = true;
      throw error;
    }
  }

  #read(tools: readonly Tool[], generation: number): void {
    this.#listed = new Map(tools.map((tool) => [tool.name, mcpFingerprint(tool)]));
    this.#listedAt = this.#init.clock.now();
    this.#generation = generation;
    for (const tool of new Set([...this.#mounted, ...this.#listed.keys()])) this.#tell(tool);
  }

  #tell(tool: string): void {
    const kind = this.#mounted.has(tool) ? (this.#differenceOf(tool) ?? 'restored') : 'added';
    const mark = `${kind} ${this.#listed.get(tool)}`;
    const told = this.#told.get(tool);
    this.#told.set(tool, mark);
    // That a tool is as it was approved is news only if it was not.
    if (told === mark || (kind === 'restored' && told === undefined)) return;
    try {
      this.#init.onChange(this.#changeOf(tool, kind));
    } catch {
      // Whoever listens must not decide whether tools can be called.
    }
  }

  #differenceOf(tool: string): keyof typeof WHAT | null {
    const listed = this.#listed.get(tool);
    if (listed === undefined) return 'removed';
    const approved = Object.hasOwn(this.#approved, tool) ? this.#approved[tool] : undefined;
    if (approved === undefined) return 'unapproved';
    return approved === listed ? null : 'changed';
  }

  #changeOf(tool: string, kind: McpToolChange['kind']): McpToolChange {
    const approved = Object.hasOwn(this.#approved, tool) ? (this.#approved[tool] as string) : null;
    return { tool, kind, approved, listed: this.#listed.get(tool) ?? null };
  }
}

const WHAT = {
  changed: 'has changed',
  removed: 'does not list',
  unapproved: 'lists, but nobody has approved,',
} as const;
const FIX = 'Look at what it lists, approve it, and mount its tools again.';
