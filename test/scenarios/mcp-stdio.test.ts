/* Two processes that speak MCP over stdio: the SDK's client and an application, and an application and the SDK's server. */
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { rolldown } from 'rolldown';
import { PipelineModule, Stage, type StageContext, Stageflow } from 'stageflow';
import { mcpTools } from 'stageflow/mcp';
import { Gate } from 'stageflow/testing';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stageflow-mcp-'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const bundle = await rolldown({
    input: join(ROOT, 'test/scenarios/fixtures/mcp-desk.ts'),
    platform: 'node',
    external: [/^@modelcontextprotocol\//, 'zod', /^node:/],
    resolve: { conditionNames: ['stageflow-source', 'import', 'node', 'default'] },
  });
  await bundle.write({ file: join(folder, 'desk.mjs'), format: 'esm' });
  await writeFile(join(folder, 'notes.mjs'), NOTES);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A server that is written with the SDK alone. */
const NOTES = `
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const server = new McpServer({ name: 'notes', version: '1.0.0' });
const keep = { description: 'Keeps a note.', inputSchema: { text: z.string() }, outputSchema: { pid: z.number() } };
server.registerTool('keep', keep, () => {
  const note = { pid: process.pid };
  return { structuredContent: note, content: [{ type: 'text', text: JSON.stringify(note) }] };
});
server.registerTool('die', { description: 'Ends its process.' }, () => process.exit(1));
await server.connect(new StdioServerTransport());
`;

const spawned = (file: string) =>
  new StdioClientTransport({ command: process.execPath, args: [join(folder, file)], stderr: 'pipe' });

it('an application serves the client that started it, for the caller it was given', async () => {
  const transport = spawned('desk.mjs');
  const aborted = new Gate();
  transport.stderr?.on('data', (data) => String(data).includes('aborted') && aborted.open());
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['whoami', 'hang']);
  const answer = await client.callTool({ name: 'whoami', arguments: {} });
  expect(answer.structuredContent).toMatchObject({ user: 'ann' });
  const stop = new AbortController();
  const onprogress = () => stop.abort('seen enough');
  await expect(client.callTool({ name: 'hang' }, undefined, { signal: stop.signal, onprogress })).rejects.toThrow();
  await aborted.passed;
}, 30_000);

it('an application uses the tools of a server, starts it again when it has died, and ends it', async () => {
  const effects = { keep: 'idempotent', die: 'idempotent' } as const;
  const mounted = await mcpTools({
    transport: () => spawned('notes.mjs'),
    prefix: 'notes',
    effects,
    trust: 'first-use',
  });

  @Stage()
  class UseNotes {
    async execute({ tools }: StageContext) {
      const keep = () => tools.invoke({ id: crypto.randomUUID(), name: 'notes_keep', arguments: { text: 'milk' } });
      const first = await keep();
      const died = await tools.invoke({ id: 'die', name: 'notes_die', arguments: {} });
      return { first: pidOf(first.output), died: codeOf(died.error), second: pidOf((await keep()).output) };
    }
  }
  @PipelineModule({ stages: [UseNotes], imports: [mounted.module] })
  class Household {}

  const app = await Stageflow.create(Household);
  const { first, died, second } = (await app.run(Household)).of(UseNotes);
  expect(died).toBe('MCP_OUTCOME_UNKNOWN');
  expect(second).not.toBe(first);
  expect(isAlive(second)).toBe(true);
  await app.close();
  expect(isAlive(second)).toBe(false);
}, 30_000);

const pidOf = (output: unknown) => (output as { pid: number }).pid;
const codeOf = (error: Error | null) => (error as { code?: string } | null)?.code;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
