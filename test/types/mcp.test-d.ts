import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { mcpServer, mcpTools } from '../../src/mcp/index.js';
import type { RunnablePipeline } from '../../src/pipeline/index.js';

declare const transport: () => Transport;
declare const client: Client;
declare const pipeline: RunnablePipeline;
const named = { prefix: 'far', trust: 'first-use' } as const;
const offered = { name: 'desk', version: '1.0.0' };

void mcpTools({ ...named, transport });
void mcpTools({ ...named, client });
// @ts-expect-error from nowhere
void mcpTools({ ...named });
// @ts-expect-error from two places
void mcpTools({ ...named, transport, client });
// @ts-expect-error a connection that is open already could not be opened again
void mcpTools({ ...named, transport: transport() });

void mcpTools({ transport, prefix: 'far', trust: { search: 'f3' } });
// @ts-expect-error nobody has said what to trust
void mcpTools({ transport, prefix: 'far' });

void mcpTools({ ...named, transport, effects: { search: 'read' } });
// @ts-expect-error there is nothing that would undo it
void mcpTools({ ...named, transport, effects: { search: 'reversible' } });

mcpServer(pipeline, { ...offered, tools: 'all' });
// @ts-expect-error what may be offered is all, or a list
mcpServer(pipeline, { ...offered, tools: 'some' });
// @ts-expect-error models know nothing of a pipeline but its description
mcpServer(pipeline, { ...offered, pipelines: [{ pipeline, name: 'run' }] });
