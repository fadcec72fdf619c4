import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { onTestFinished } from 'vitest';
import type { McpCaller, McpExposure, McpHttpHandler } from '../../../src/mcp/index.js';

/** The SDK's client, connected within the process. */
export async function clientOf(exposure: McpExposure, caller?: McpCaller): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  await exposure.connect(far, caller);
  return connected(near);
}

export async function connected(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

/** Serves on loopback until the test is done. */
export async function listen(handler: McpHttpHandler): Promise<URL> {
  const server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await handler.close();
    server.closeAllConnections();
    server.close();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

export function overHttp(url: URL, token?: string): Transport {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new StreamableHTTPClientTransport(url, { requestInit: { headers } }) as Transport;
}

/** The text of a result. */
export function textOf(result: object): string {
  const { content } = result as { content: { text: string }[] };
  return content.map(({ text }) => text).join('\n');
}
