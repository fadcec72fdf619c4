import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { writeMetadata } from '../../metadata/index.js';
import { type ToolClass, type ToolContext, ToolEffect } from '../../stage/index.js';
import type { ToolOptions } from '../../tools/index.js';
import { ToolDeniedError } from '../../tools/index.js';
import { JsonSchemaContract } from './json-schema-contract.js';
import type { McpConnection } from './mcp-connection.js';
import type { McpToolsOptions } from './mcp-tools-options.js';
import { callRemote, type RemoteTool } from './remote-call.js';
import type { ToolWatch } from './tool-watch.js';

export interface MountedTool {
  readonly listed: Tool;
  readonly name: string;
  readonly input: JsonSchemaContract;
  readonly output: JsonSchemaContract | null;
}

interface MountedInit {
  readonly server: string;
  readonly options: McpToolsOptions;
  readonly connection: McpConnection;
  readonly watch: ToolWatch;
}

/**
 * A tool class that calls the server. What is not approved is not told to models: such a tool says that it is not available,
 * and is refused whoever calls it.
 */
export function mountedClass({ listed, name, input, output }: MountedTool, init: MountedInit): ToolClass {
  const { server, options, connection, watch } = init;
  const { effects = {}, approvals = {}, access = [], silenceMs = 60_000, timeoutMs } = options;
  const remoteName = listed.name;
  const effect = own(effects, remoteName) ?? ToolEffect.Irreversible;
  const remote: RemoteTool = {
    server,
    remoteName,
    name,
    effect,
    hasSchema: output !== null,
    silenceMs,
  };
  // What was not approved when it was mounted stands here without its schema, and so for good.
  const refusedFirst = watch.refusal(remoteName);
  const toolClass = class {
    execute(given: unknown, ctx: ToolContext): Promise<unknown> {
      return callRemote(connection, remote, given, ctx, async () => {
        await watch.fresh(); // it may have changed while the call waited for an approval
        const refusal = watch.refusal(remoteName);
        if (refusal !== null) throw new ToolDeniedError(name, ctx.callId, refusal);
      });
    }
    '~refuses'() {
      if (refusedFirst !== null) return refusedFirst;
      const refusal = watch.refusal(remoteName);
      if (refusal !== null) watch.lookAgain();
      return refusal;
    }
  };
  Object.defineProperty(toolClass, 'name', { value: name });
  const isApproved = refusedFirst === null;
  const tool: ToolOptions = {
    name,
    description: isApproved ? descriptionOf(listed, server) : `Not available: "${remoteName}" is not approved.`,
    input: isApproved ? input : NOT_APPROVED,
    ...(output === null ? {} : { output }),
    effect,
    approval: own(approvals, remoteName) ?? 'by-effect',
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
  writeMetadata('tool', toolClass, Object.freeze(tool));
  if (access.length > 0) writeMetadata('access', toolClass, Object.freeze({ rules: Object.freeze([...access]) }));
  return toolClass;
}

const NOT_APPROVED = new JsonSchemaContract('nothing', { type: 'object' });

function descriptionOf({ description, title, name }: Tool, server: string): string {
  const said = [description, title].find((text) => text !== undefined && text.trim() !== '');
  return said ?? `"${name}" of MCP server "${server}".`;
}

/** Names come from a server: none of them may reach what every object has. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
