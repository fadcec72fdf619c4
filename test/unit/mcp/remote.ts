import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { onTestFinished } from 'vitest';
import { type EngineOptions, MemorySink, Pipeline, type ToolOutcome } from '../../../src/index.js';
import { type McpTools, type McpToolsOptions, mcpTools } from '../../../src/mcp/index.js';

/** A server of the SDK, reached within the process. Every connection gets a server of its own, as with stdio. */
export class Remote {
  readonly #register: (server: McpServer) => void;
  readonly servers: McpServer[] = [];

  constructor(register: (server: McpServer) => void) {
    this.#register = register;
  }

  get server(): McpServer {
    return this.servers.at(-1) as McpServer;
  }

  readonly transport = async (): Promise<Transport> => {
    const [near, far] = InMemoryTransport.createLinkedPair();
    const server = new McpServer({ name: 'remote', version: '1.0.0' });
    this.#register(server);
    this.servers.push(server);
    await server.connect(far);
    return near;
  };

  async mount(options: Partial<McpToolsOptions> = {}): Promise<McpTools> {
    const mounted = await mcpTools({
      transport: this.transport,
      prefix: 'far',
      trust: 'first-use',
      ...options,
    } as never);
    onTestFinished(() => mounted.close());
    return mounted;
  }
}

/** Calls a mounted tool from a stage, and what was reported of it. */
export async function call(mounted: McpTools, name: string, given: unknown, options: CallOptions = {}) {
  const sink = new MemorySink();
  const { signal, ...engine } = options;
  const run = new Pipeline('p')
    .withTools(...mounted.tools)
    .withStage('s', async (ctx) => ({ outcome: await ctx.tools.invoke({ id: 'c1', name, arguments: given }) }))
    .build({ ...engine, sinks: [sink] })
    .start({}, signal === undefined ? {} : { signal });
  const result = await run.result;
  const outcome = (result.results.outputs.s as { outcome: ToolOutcome } | undefined)?.outcome;
  return { outcome, result, sink, code: codeOf(outcome?.error), cause: codeOf(outcome?.error?.cause) };
}

type CallOptions = EngineOptions & { readonly signal?: AbortSignal };

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null | undefined)?.code;
}
