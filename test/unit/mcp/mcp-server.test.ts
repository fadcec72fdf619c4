import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import {
  Access,
  type ApprovalGate,
  AuthContext,
  AuthError,
  AuthFailureReason,
  defineTool,
  type EngineOptions,
  MemorySink,
  Pipeline,
  PipelineModule,
  RequireRoles,
  Stageflow,
  type TokenVerifier,
  Tool,
} from '../../../src/index.js';
import { Journal, MemoryJournalStore, resume } from '../../../src/journal/index.js';
import { mcpServer } from '../../../src/mcp/index.js';
import { Gate, ManualClock } from '../../../src/testing/index.js';
import { DyingStore, later } from '../journal/interrupted.js';
import { clientOf, connected, listen, overHttp, textOf } from './clients.js';

const add = defineTool({
  name: 'add',
  description: 'Adds two numbers.',
  input: z.object({ a: z.number(), b: z.number() }),
  output: z.object({ sum: z.number() }),
  effect: 'read',
  execute: ({ a, b }) => ({ sum: a + b }),
});
const broken = defineTool({
  name: 'broken',
  description: 'Breaks.',
  input: z.object({}),
  effect: 'idempotent',
  execute: () => {
    throw new Error('connect postgres://admin:hunter2@10.0.0.7 failed');
  },
});
const wipe = defineTool({
  name: 'wipe',
  description: 'Deletes everything.',
  input: z.object({}),
  effect: 'irreversible',
  execute: () => 'gone',
});
const whoami = defineTool({
  name: 'whoami',
  description: 'Says who calls.',
  input: z.object({}),
  effect: 'read',
  execute: (_, ctx) => `${ctx.auth.userId} of ${ctx.org.orgId}`,
});
const ofOwners = defineTool({
  name: 'of_owners',
  description: 'For owners.',
  input: z.object({}),
  effect: 'read',
  access: [Access.anyRole('owner')],
  execute: () => 'owned',
});

const tools = [add, broken, wipe, whoami, ofOwners];
const app = (options: EngineOptions = {}) =>
  new Pipeline('desk')
    .withTools(...tools)
    .withStage('idle', () => ({}))
    .build(options);
const offer = { name: 'desk', version: '1.0.0', tools: 'all' } as const;

const tokens: Readonly<Record<string, AuthContext>> = {
  ann: AuthContext.verified({ userId: 'ann', orgId: 'acme', roles: ['owner'] }),
  bob: AuthContext.verified({ userId: 'bob', orgId: 'acme' }),
};
const verifier: TokenVerifier = {
  verify: async (token) => {
    const auth = tokens[token];
    if (auth === undefined) throw new AuthError(AuthFailureReason.Malformed);
    return { auth };
  },
};

describe('a tool that is offered', () => {
  it('is listed with its schemas, and with hints that follow from its effect', async () => {
    const client = await clientOf(mcpServer(app(), offer));
    const { tools: listed } = await client.listTools();
    expect(listed.map(({ name }) => name)).toEqual(tools.map(({ definition }) => definition.spec.name));
    expect(listed[0]).toMatchObject({
      description: 'Adds two numbers.',
      inputSchema: { type: 'object', required: ['a', 'b'] },
      outputSchema: { type: 'object', required: ['sum'] },
      annotations: { readOnlyHint: true },
    });
    expect(listed[2]?.annotations).toMatchObject({ destructiveHint: true });
  });

  it('answers with structured content, and the same as text', async () => {
    const client = await clientOf(mcpServer(app(), offer));
    const result = await client.callTool({ name: 'add', arguments: { a: 1, b: 2 } });
    expect(result).toMatchObject({ structuredContent: { sum: 3 }, content: [{ type: 'text', text: '{"sum":3}' }] });
    expect(result.isError).toBeUndefined();
  });

  it('goes through the gates, and into the events of the application', async () => {
    const sink = new MemorySink();
    const client = await clientOf(mcpServer(app({ sinks: [sink] }), offer));
    const refused = await client.callTool({ name: 'wipe', arguments: {} });
    expect(refused).toMatchObject({ isError: true, _meta: { 'stageflow/code': 'TOOL_DENIED' } });
    expect(sink.ofType('tool.denied')).toMatchObject([{ tool: 'wipe', pipeline: 'mcp:desk' }]);
  });

  it('is told what is wrong with its arguments, without their values', async () => {
    const client = await clientOf(mcpServer(app(), offer));
    const result = await client.callTool({ name: 'add', arguments: { a: 'secret-1', b: 2 } });
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain('a must be');
    expect(textOf(result)).not.toContain('secret-1');
  });

  it('that fails tells nothing of the inside, unless the program explains it', async () => {
    const silent = await clientOf(mcpServer(app(), offer));
    const result = await silent.callTool({ name: 'broken', arguments: {} });
    expect(result).toMatchObject({ isError: true, _meta: { 'stageflow/code': 'TOOL_FAILED' } });
    expect(textOf(result)).toMatch(/^A tool failed\. \(run [\w-]+\)$/);
    const explain = (error: Error) => (error.message.includes('broken') ? 'The archive is closed today.' : undefined);
    const open = await clientOf(mcpServer(app(), { ...offer, explain }));
    expect(textOf(await open.callTool({ name: 'broken', arguments: {} }))).toContain('closed today');
  });

  it('that nobody offers is a protocol error, also if the pipeline has it', async () => {
    const client = await clientOf(mcpServer(app(), { ...offer, tools: [add] }));
    await expect(client.callTool({ name: 'broken', arguments: {} })).rejects.toThrow('no tool "broken"');
  });

  it('reports its progress, which only ever grows', async () => {
    const slow = defineTool({
      name: 'slow',
      description: 'Takes a while.',
      input: z.object({}),
      effect: 'read',
      execute: (_, ctx) => {
        for (const fraction of [0.2, 0.1, 0.7]) ctx.progress(fraction, `at ${fraction}`);
        return 'done';
      },
    });
    const built = new Pipeline('p')
      .withTools(slow)
      .withStage('s', () => ({}))
      .build();
    const client = await clientOf(mcpServer(built, offer));
    const heard: unknown[] = [];
    await client.callTool({ name: 'slow', arguments: {} }, undefined, {
      onprogress: (progress) => heard.push(progress),
    });
    expect(heard).toEqual([
      { progress: 0.2, total: 1, message: 'at 0.2' },
      { progress: 0.7, total: 1, message: 'at 0.7' },
    ]);
  });

  it('that waits for an approval says so', async () => {
    const approvals: ApprovalGate = {
      request: async ({ emit, callId }) => {
        const asked = { tool: 'wipe', callId, requestId: 'r', expiresAt: 0, restored: false };
        emit?.({ type: 'approval.requested', ...asked });
        return { status: 'denied', requestId: 'r', decidedBy: 'ann', reason: 'not on a Friday' };
      },
    };
    const client = await clientOf(mcpServer(app({ toolServices: { approvals } }), offer));
    const heard: unknown[] = [];
    const onprogress = (progress: unknown) => heard.push(progress);
    const answer = await client.callTool({ name: 'wipe' }, undefined, { onprogress });
    expect(heard).toEqual([{ progress: 0, total: 1, message: 'Waiting for an approval.' }]);
    expect(textOf(answer)).toContain('not on a Friday');
  });

  it('is cancelled with the request, and with the connection', async () => {
    const entered = [new Gate(), new Gate()];
    const aborted: string[] = [];
    const wait = defineTool({
      name: 'wait',
      description: 'Waits.',
      input: z.object({ which: z.number() }),
      effect: 'read',
      execute: async ({ which }, { signal }) => {
        signal.addEventListener('abort', () => aborted.push(`call ${which}`));
        await entered[which]?.pass(signal);
      },
    });
    const sink = new MemorySink();
    const built = new Pipeline('p')
      .withTools(wait)
      .withStage('s', () => ({}))
      .build({ sinks: [sink] });
    const client = await clientOf(mcpServer(built, offer));
    const stop = new AbortController();
    const first = client.callTool({ name: 'wait', arguments: { which: 0 } }, undefined, { signal: stop.signal });
    await entered[0]?.reached;
    stop.abort('enough');
    await expect(first).rejects.toThrow();
    const second = client.callTool({ name: 'wait', arguments: { which: 1 } });
    await entered[1]?.reached;
    await Promise.all([client.close(), expect(second).rejects.toThrow()]);
    await built.close();
    expect(aborted).toEqual(['call 0', 'call 1']);
    expect(sink.ofType('tool.cancelled')).toHaveLength(2);
  });
});

it('tools of a module without stages can be offered, with its access rules, and of what it imports', async () => {
  class Watch {
    readonly time = 'noon';
  }
  @Tool({ name: 'now', description: 'Tells the time.', input: z.object({}), effect: 'read' })
  class Now {
    constructor(private readonly watch: Watch) {}

    execute() {
      return this.watch.time;
    }
  }
  @RequireRoles('owner')
  @PipelineModule({ name: 'clocks', tools: [Now], providers: [Watch] })
  class Clocks {}
  @PipelineModule({ imports: [Clocks] })
  class Root {}

  const application = await Stageflow.create(Root, { verifier });
  const exposure = mcpServer(application, { name: 'clocks', version: '1', module: Clocks });
  const ann = await clientOf(exposure, { token: 'ann' });
  expect(textOf(await ann.callTool({ name: 'now' }))).toBe('noon');
  const bob = await clientOf(exposure, { token: 'bob' });
  expect((await bob.callTool({ name: 'now' })).isError).toBe(true);
  await application.close();
  expect((await ann.callTool({ name: 'now' }))._meta).toMatchObject({ 'stageflow/code': 'APP_CLOSED' });
});

it('a call that waited for an approval when its process died can be resumed, and is made once', async () => {
  const store = new MemoryJournalStore();
  const asked = new Gate();
  const sink = new MemorySink();
  const never = { request: async () => asked.pass() as Promise<never> };
  const dying = app({
    journal: new Journal({ store: new DyingStore(store, 2) }),
    toolServices: { approvals: never },
    sinks: [sink],
  });
  const client = await clientOf(mcpServer(dying, offer));
  client.callTool({ name: 'wipe', arguments: {} }).catch(() => {});
  await asked.reached;
  const key = { tenant: null, runId: sink.events[0]?.runId ?? '' };

  const journal = new Journal({ store, clock: later });
  const granted = { request: async () => ({ status: 'approved', requestId: 'r', decidedBy: 'ann' }) as const };
  const again = mcpServer(app({ journal, toolServices: { approvals: granted } }), offer);
  const { status, results } = await (await resume(again, journal, key)).result;
  expect([status, results.of('call')]).toEqual(['completed', { output: 'gone' }]);
});

it('a call that the closing application cuts off is answered', async () => {
  const entered = new Gate();
  const wait = defineTool({
    name: 'wait',
    description: 'Waits.',
    input: z.object({}),
    effect: 'read',
    execute: (_, { signal }) => entered.pass(signal),
  });
  const built = new Pipeline('p')
    .withTools(wait)
    .withStage('s', () => ({}))
    .build({ graceMs: 0 });
  const client = await clientOf(mcpServer(built, offer));
  const answer = client.callTool({ name: 'wait' });
  await entered.reached;
  await built.close();
  expect(await answer).toMatchObject({ isError: true, _meta: { 'stageflow/code': 'RUN_CANCELLED' } });
});

it.each([
  ['nothing', {}],
  ['a tool that is not there', { tools: ['ad'] }],
  ['two things of one name', { tools: 'all', pipelines: [{ pipeline: app(), name: 'add', description: 'x' }] }],
  ['a name that clients refuse', { pipelines: [{ pipeline: app(), name: 'a b', description: 'x' }] }],
  ['a stage that is not there', { pipelines: [{ pipeline: app(), name: 'ab', description: 'x', output: 'idel' }] }],
] as const)('%s cannot be offered (MCP_SERVER_INVALID)', (_, options) => {
  expect(() => mcpServer(app(), { name: 'desk', version: '1', ...options })).toThrow('MCP_SERVER_INVALID');
});

describe('a caller', () => {
  it('on stdio is the one that was given', async () => {
    const exposure = mcpServer(app({ trustedCallers: true }), offer);
    const client = await clientOf(exposure, { auth: tokens.ann as AuthContext });
    expect(textOf(await client.callTool({ name: 'whoami' }))).toBe('ann of acme');
    const byToken = await clientOf(mcpServer(app({ verifier }), offer), { token: 'bob' });
    expect(textOf(await byToken.callTool({ name: 'whoami' }))).toBe('bob of acme');
    const nobody = await clientOf(mcpServer(app({ verifier }), offer));
    expect(await nobody.callTool({ name: 'whoami' })).toMatchObject({
      isError: true,
      _meta: { 'stageflow/code': 'AUTH_TOKEN_MISSING' },
    });
  });
});

describe('over HTTP', () => {
  it('a session that is silent for long enough has gone, and there are never too many', async () => {
    const clock = new ManualClock();
    const handler = mcpServer(app(), offer).http({ anonymous: true, clock, sessionIdleMs: 60_000, maxSessions: 1 });
    const url = await listen(handler);
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    };
    const accept = 'application/json, text/event-stream';
    const headers = { 'content-type': 'application/json', accept };
    const open = () => fetch(url, { method: 'POST', headers, body: JSON.stringify(initialize) });
    const strange = await fetch(url, { method: 'POST', headers, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' });
    expect([strange.status, handler.sessions]).toEqual([400, 0]);
    const first = await open();
    await first.text();
    expect(handler.sessions).toBe(1);
    expect((await open()).status).toBe(503);
    while (clock.pendingTimers === 0) await new Promise(setImmediate); // until the answer has left
    await clock.advance(60_000);
    expect(handler.sessions).toBe(0);
    expect((await open()).status).toBe(200);
  });

  it('each request is for the caller of its token, and access rules hold', async () => {
    const url = await listen(mcpServer(app({ verifier }), offer).http());
    const ann = await connected(overHttp(url, 'ann'));
    const bob = await connected(overHttp(url, 'bob'));
    expect(textOf(await ann.callTool({ name: 'of_owners' }))).toBe('owned');
    const refused = await bob.callTool({ name: 'of_owners' });
    expect(refused.isError).toBe(true);
    expect(textOf(refused)).not.toContain('owner');
    expect(textOf(await bob.callTool({ name: 'whoami' }))).toBe('bob of acme');
  });

  it('a request without a good token gets nowhere, not even to the list', async () => {
    const url = await listen(
      mcpServer(app({ verifier }), offer).http({ resourceMetadataUrl: 'https://desk.test/.well-known/x' }),
    );
    for (const headers of [{}, { authorization: 'Bearer eve' }]) {
      const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toContain('resource_metadata=');
    }
  });

  it('a caller whom the program does not know is turned away', async () => {
    const exposure = mcpServer(app({ trustedCallers: true }), offer);
    const forged = { auth: { userId: 'ann', authenticated: true } as unknown as AuthContext };
    const fail = () => Promise.reject(new Error('session store at 10.0.0.7 is down'));
    for (const callerOf of [() => null, () => forged, fail]) {
      const url = await listen(exposure.http({ callerOf }));
      const answer = await fetch(url, { method: 'POST', body: '{}' });
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain('10.0.0.7');
    }
  });

  it('a session is of no use to another caller, with a good token of their own', async () => {
    const url = await listen(mcpServer(app({ verifier }), offer).http());
    const transport = overHttp(url, 'ann');
    await connected(transport);
    const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/list' });
    const ask = (token: string) =>
      fetch(url, {
        method: 'POST',
        body,
        headers: {
          authorization: `Bearer ${token}`,
          'mcp-session-id': transport.sessionId ?? '',
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
      });
    expect((await ask('bob')).status).toBe(404);
    const own = await ask('ann');
    expect(own.status).toBe(200);
    await own.text();
  });

  it('pages of other origins and other hosts are turned away', async () => {
    const url = await listen(mcpServer(app(), offer).http({ anonymous: true, allowedHosts: ['desk.test'] }));
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(403);
    const open = await listen(mcpServer(app(), offer).http({ anonymous: true }));
    const headers = { origin: 'https://evil.test' };
    expect((await fetch(open, { method: 'POST', headers, body: '{}' })).status).toBe(403);
  });

  it('nobody is served where nothing tells who calls, unless that is meant (MCP_SERVER_INVALID)', async () => {
    const exposure = mcpServer(app(), offer);
    expect(() => exposure.http()).toThrow('MCP_SERVER_INVALID');
    const url = await listen(exposure.http({ anonymous: true }));
    const client = await connected(overHttp(url));
    expect(textOf(await client.callTool({ name: 'add', arguments: { a: 2, b: 2 } }))).toBe('{"sum":4}');
    const built = app({ trustedCallers: true });
    onTestFinished(() => built.close());
    const known = await listen(mcpServer(built, offer).http({ callerOf: () => ({ auth: tokens.bob as AuthContext }) }));
    expect(textOf(await (await connected(overHttp(known))).callTool({ name: 'whoami' }))).toBe('bob of acme');
  });
});
