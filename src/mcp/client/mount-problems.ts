import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import type { JsonSchema } from '../../contracts/index.js';
import type { Problem } from '../../errors/index.js';
import { messageOf } from '../../stage/index.js';
import { JsonSchemaContract } from './json-schema-contract.js';
import type { McpToolsOptions } from './mcp-tools-options.js';
import type { MountedTool } from './mounted-tool.js';

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** What is to be mounted of what a server lists, and everything that is wrong with it. */
export function readListed(
  tools: readonly Tool[],
  server: string,
  options: Pick<McpToolsOptions, 'prefix' | 'only' | 'effects' | 'approvals'>,
): { readonly mounted: readonly MountedTool[]; readonly problems: readonly Problem[] } {
  const { prefix, only, effects = {}, approvals = {} } = options;
  const problems: Problem[] = [];
  const refuse = (tool: string, message: string, fix: string): void => {
    problems.push({ code: 'MCP_MOUNT_INVALID', message, fix, details: { server, tool } });
  };
  const names = new Map<string, string>();
  const mounted: MountedTool[] = [];
  for (const listed of tools) {
    if (only !== undefined && !only.includes(listed.name)) continue;
    const name = localName(prefix, listed.name);
    const twin = names.get(name);
    const leave = 'Leave it out: give the names of the others as only.';
    names.set(name, listed.name);
    if (twin !== undefined)
      refuse(name, `Tools "${twin}" and "${listed.name}" of "${server}" are both "${name}".`, leave);
    else if (!NAME.test(name))
      refuse(name, `Tool "${listed.name}" of "${server}" has a name that models refuse.`, leave);
    else if (listed.execution?.taskSupport === 'required') {
      refuse(name, `Tool "${listed.name}" of "${server}" can be called as a task only.`, leave);
    } else {
      const read = contractsOf(listed);
      if (typeof read === 'string')
        refuse(name, `Tool "${listed.name}" of "${server}" has a schema that ${read}.`, leave);
      else mounted.push({ listed, name, ...read });
    }
  }
  const there = new Set(tools.map(({ name }) => name));
  for (const name of new Set([...(only ?? []), ...Object.keys(effects), ...Object.keys(approvals)])) {
    if (there.has(name)) continue;
    refuse(name, `MCP server "${server}" lists no tool "${name}".`, 'Correct the name in only, effects or approvals.');
  }
  return { mounted, problems };
}

/** What is no part of a name here becomes `_`. */
function localName(prefix: string, name: string): string {
  return `${prefix === '' ? '' : `${prefix}_`}${name.replace(/[^a-zA-Z0-9_-]/g, '_')}`;
}

/** @returns what is wrong with a schema, if something is */
function contractsOf({ name, inputSchema, outputSchema }: Tool): Pick<MountedTool, 'input' | 'output'> | string {
  try {
    return {
      input: new JsonSchemaContract(`input of ${name}`, inputSchema as JsonSchema),
      output:
        outputSchema === undefined ? null : new JsonSchemaContract(`output of ${name}`, outputSchema as JsonSchema),
    };
  } catch (error) {
    return `cannot be used: ${messageOf(error)}`;
  }
}
