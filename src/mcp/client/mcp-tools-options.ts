import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { AccessRule } from '../../auth/index.js';
import type { Clock } from '../../clock/index.js';
import type { ToolEffect } from '../../stage/index.js';
import type { McpTrust } from './mcp-trust.js';

/** Where the server is. */
export type McpServerPlace =
  | {
      /** Opens a connection: called anew whenever one is needed and the last has ended. */
      readonly transport: () => Transport | Promise<Transport>;
      readonly client?: never;
    }
  | {
      /** A connected client of yours, which you close. Its handler of changed tool lists is replaced. */
      readonly client: Client;
      readonly transport?: never;
    };

export type McpToolsOptions = McpServerPlace & {
  /** What its tools are called by here: `github` makes `create_issue` into `github_create_issue`. */
  readonly prefix: string;
  /** Which of its tools, by the names it gives them. Default: all. */
  readonly only?: readonly string[];
  /** What they do to the world, by the names the server gives them. Default `irreversible`, whatever the server says of it. */
  readonly effects?: Readonly<Record<string, Exclude<ToolEffect, 'reversible'>>>;
  /** Whether they need an approval. Default `by-effect`: those that are irreversible do. */
  readonly approvals?: Readonly<Record<string, 'required' | 'never' | 'by-effect'>>;
  /** Who may call them. Default: whoever runs the stage. */
  readonly access?: readonly AccessRule[];
  /** Which descriptions and schemas you have approved. */
  readonly trust: McpTrust;
  /** Told of every difference between what the server lists and what was approved; what it throws is ignored. */
  readonly onChange?: (change: McpToolChange) => void;
  /** How long a call may be silent, in ms: progress counts as a sign of life. Default 60,000. */
  readonly silenceMs?: number;
  /** Limit of one call in ms, progress or not. Default: none. */
  readonly timeoutMs?: number;
  /** After how many ms the list is asked for again before a call, for servers that change without saying so. Default 60,000. */
  readonly recheckMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
};

/** A difference between what a server lists and what was approved. */
export interface McpToolChange {
  /** As the server calls it. */
  readonly tool: string;
  /**
   * `unapproved`: there is no pin for it. `added`: it is not among those that were mounted. `restored`: it is what was
   * approved again.
   */
  readonly kind: 'changed' | 'removed' | 'unapproved' | 'added' | 'restored';
  /** Of what was approved; null if nothing was. */
  readonly approved: string | null;
  /** Of what it lists now; null if it lists it no more. */
  readonly listed: string | null;
}
