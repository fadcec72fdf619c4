import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { StageflowError } from '../../errors/index.js';
import { inputDigest } from '../../tools/index.js';

/** Fingerprints of tools, by the names their server gives them. */
export type McpPins = Readonly<Record<string, string>>;

/** Keeps what was approved of a server, so that a change is noticed across restarts. */
export interface McpPinStore {
  /** Null if nothing was ever approved: then what the server lists is, and is saved. */
  load(): McpPins | null | Promise<McpPins | null>;
  save(pins: McpPins): void | Promise<void>;
}

/**
 * What of a server you have approved. `first-use`: what it lists when its tools are mounted, for as long as the process
 * lives. Pins: these and nothing else. A store: what it holds.
 */
export type McpTrust = 'first-use' | McpPins | McpPinStore;

/**
 * Names what a model is told of a tool, and what decides whether a call is well-formed: changes with its name, description
 * or schemas. What a server says of its tools' effects is not in it, since nobody believes it.
 */
export function mcpFingerprint({ name, description, inputSchema, outputSchema }: Tool): string {
  return inputDigest({ name, description: description ?? null, inputSchema, outputSchema: outputSchema ?? null });
}

/** Keeps pins in a JSON file, which may be reviewed and kept with the code. A file that holds anything else is refused. */
export function filePins(path: string): McpPinStore {
  return {
    load: async () => {
      try {
        return pinsIn(JSON.parse(await readFile(path, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    save: async (pins) => {
      const sorted = Object.fromEntries(Object.entries(pins).sort(([a], [b]) => (a < b ? -1 : 1)));
      // Written beside it first: whoever reads it finds all of the old or all of the new.
      await writeFile(`${path}.part`, `${JSON.stringify(sorted, null, 2)}\n`);
      await rename(`${path}.part`, path);
    },
  };
}

/** @throws MCP_MOUNT_INVALID for what are no pins: then nothing is approved, and nothing is approved anew */
export function pinsIn(value: unknown): McpPins {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isRecord && Object.values(value).every((pin) => typeof pin === 'string')) return { ...value } as McpPins;
  throw new StageflowError({
    code: 'MCP_MOUNT_INVALID',
    message: 'What was approved of an MCP server cannot be read: it is no record of fingerprints by tool.',
    fix: 'Correct it, or remove it and look at what the server lists before it is approved again.',
    details: {},
  });
}

export function isPinStore(trust: McpTrust): trust is McpPinStore {
  return typeof trust === 'object' && typeof (trust as Partial<McpPinStore>).load === 'function';
}
