import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Access, Pipeline, PipelineModule, Stage, type StageContext, Stageflow } from '../../../src/index.js';
import { Gate } from '../../../src/testing/index.js';
import { call, Remote } from './remote.js';

const heard: unknown[] = [];
const everyday = () =>
  new Remote((server) => {
    server.registerTool(
      'create.issue',
      {
        description: 'Creates an issue.',
        inputSchema: { title: z.string(), labels: z.array(z.string()).optional() },
        outputSchema: { number: z.number() },
        annotations: { readOnlyHint: true, destructiveHint: false },
      },
      ({ title }) => {
        heard.push(title);
        return { content: [{ type: 'text', text: '{"number":7}' }], structuredContent: { number: 7 } };
      },
    );
    server.registerTool('say', { description: 'Says it.', inputSchema: { text: z.string() } }, ({ text }) => ({
      content: [
        { type: 'text', text },
        { type: 'text', text: 'twice' },
      ],
    }));
    server.registerTool('fail', { description: 'Fails.' }, () => ({
      content: [{ type: 'text', text: 'the repository is archived' }],
      isError: true,
    }));
  });
const approvals = { request: async () => ({ status: 'approved', requestId: 'r', decidedBy: 'ann' }) as const };

describe('a mounted tool', () => {
  it('is listed like any other, under the prefix, with the schema of the server', async () => {
    const mounted = await everyday().mount();
    let listed: unknown;
    await new Pipeline('p')
      .withTools(...mounted.tools)
      .withStage('s', (ctx) => {
        listed = ctx.tools.list();
        return {};
      })
      .run();
    expect(listed).toMatchObject([
      {
        name: 'far_create_issue',
        description: 'Creates an issue.',
        effect: 'irreversible',
        inputSchema: { required: ['title'] },
      },
      { name: 'far_say' },
      { name: 'far_fail' },
    ]);
  });

  it('is irreversible and needs an approval, whatever its server says of it', async () => {
    const mounted = await everyday().mount();
    const before = heard.length;
    const refused = await call(mounted, 'far_create_issue', { title: 'x' });
    expect([refused.code, heard.length]).toEqual(['TOOL_DENIED', before]);
    const approved = await call(mounted, 'far_create_issue', { title: 'x' }, { toolServices: { approvals } });
    expect(approved.outcome).toMatchObject({ status: 'completed', output: { number: 7 } });
    const declared = await everyday().mount({ effects: { 'create.issue': 'idempotent' } });
    expect((await call(declared, 'far_create_issue', { title: 'x' })).outcome?.status).toBe('completed');
  });

  it('is not called with what its schema refuses, and no value is told', async () => {
    const mounted = await everyday().mount({ effects: { 'create.issue': 'read' } });
    const before = heard.length;
    const { outcome, code } = await call(mounted, 'far_create_issue', { title: 'a', labels: ['ok', 4711] });
    expect([code, heard.length]).toEqual(['TOOL_INPUT_INVALID', before]);
    expect(outcome?.error?.message).toContain('labels.1 must be string (is number)');
    expect(outcome?.error?.message).not.toContain('4711');
  });

  it('gives text where it has no schema, and its failures are failures', async () => {
    const mounted = await everyday().mount({ effects: { say: 'read', fail: 'read' } });
    expect((await call(mounted, 'far_say', { text: 'hi' })).outcome?.output).toBe('hi\ntwice');
    const failed = await call(mounted, 'far_fail', {});
    expect([failed.code, failed.cause]).toEqual(['TOOL_FAILED', 'MCP_CALL_FAILED']);
    expect(failed.outcome?.error?.message).toContain('the repository is archived');
  });

  it('is for those whom its access rules let in', async () => {
    const mounted = await everyday().mount({ effects: { say: 'read' }, access: [Access.anyRole('clerk')] });
    const { outcome } = await call(mounted, 'far_say', { text: 'hi' }, { trustedCallers: true });
    expect(outcome?.error).toMatchObject({ code: 'TOOL_DENIED', reason: 'access' });
  });

  it('reports its progress, and is cancelled on the server with its run', async () => {
    const started = new Gate();
    const stopped = new Gate();
    const remote = new Remote((server) => {
      server.registerTool('long', { description: 'Takes long.' }, async ({ signal, _meta, sendNotification }) => {
        const progressToken = _meta?.progressToken as number;
        await sendNotification({
          method: 'notifications/progress',
          params: { progressToken, progress: 3, total: 4, message: 'nearly' },
        });
        signal.addEventListener('abort', () => stopped.open());
        await started.pass(signal);
        return { content: [] };
      });
    });
    const mounted = await remote.mount({ effects: { long: 'read' } });
    const stop = new AbortController();
    const calling = call(mounted, 'far_long', {}, { signal: stop.signal });
    await started.reached;
    stop.abort();
    await stopped.passed;
    const { result, sink } = await calling;
    expect(result.status).toBe('cancelled');
    expect(sink.ofType('tool.progress')).toMatchObject([{ fraction: 0.75, note: 'nearly' }]);
    expect(sink.ofType('tool.cancelled')).toHaveLength(1);
  });
});

describe('the connection', () => {
  it('is opened again when it has ended; what was under way is of unknown outcome (MCP_OUTCOME_UNKNOWN)', async () => {
    const gate = new Gate();
    const remote = new Remote((server) => {
      server.registerTool('wait', { description: 'Waits.' }, async () => {
        await gate.pass();
        return { content: [{ type: 'text', text: 'done' }] };
      });
    });
    const mounted = await remote.mount({ effects: { wait: 'idempotent' } });
    const lost = call(mounted, 'far_wait', {});
    await gate.reached;
    await remote.server.close();
    expect((await lost).outcome?.error).toMatchObject({ code: 'MCP_OUTCOME_UNKNOWN', retryable: true });
    gate.open();
    expect((await call(mounted, 'far_wait', {})).outcome?.output).toBe('done');
    expect(remote.servers).toHaveLength(2);
  });

  it('that cannot be opened fails the call, which was not made (MCP_CONNECTION_FAILED)', async () => {
    const remote = everyday();
    let isDown = false;
    const transport = () => (isDown ? Promise.reject(new Error('spawn ENOENT')) : remote.transport());
    const mounted = await remote.mount({ transport, effects: { say: 'read' } });
    isDown = true;
    await remote.server.close();
    const { code, cause } = await call(mounted, 'far_say', { text: 'hi' });
    expect([code, cause]).toEqual(['TOOL_FAILED', 'MCP_CONNECTION_FAILED']);
    await expect(remote.mount({ transport })).rejects.toThrow('MCP_CONNECTION_FAILED');
  });

  it('ends with the application that imports its module', async () => {
    const remote = everyday();
    const mounted = await remote.mount({ effects: { say: 'read' } });

    @Stage()
    class Talk {
      async execute(ctx: StageContext) {
        return { said: (await ctx.tools.invoke({ id: '1', name: 'far_say', arguments: { text: 'hi' } })).output };
      }
    }
    @PipelineModule({ stages: [Talk], imports: [mounted.module] })
    class Talking {}

    const ended = new Promise<void>((resolve) => {
      remote.server.server.onclose = resolve;
    });
    const app = await Stageflow.create(Talking);
    expect((await app.run(Talking)).of(Talk).said).toBe('hi\ntwice');
    await app.close();
    await ended;
    expect((await call(mounted, 'far_say', { text: 'hi' })).cause).toBe('MCP_CONNECTION_FAILED');
    expect(remote.servers).toHaveLength(1);
  });
});

describe('tools that cannot be mounted', () => {
  it('are told all at once (MCP_MOUNT_INVALID)', async () => {
    const remote = new Remote((server) => {
      const answer = () => ({ content: [] });
      server.registerTool('a.b', {}, answer);
      server.registerTool('a_b', {}, answer);
      server.registerTool('x'.repeat(80), {}, answer);
    });
    const refused = remote.mount({ effects: { typo: 'read' } });
    await expect(refused).rejects.toMatchObject({
      code: 'MCP_MOUNT_INVALID',
      problems: [{}, {}, { message: 'MCP server "far" lists no tool "typo".' }],
    });
    expect((await remote.mount({ only: ['a.b'] })).tools.map(({ name }) => name)).toEqual(['far_a_b']);
  });

  it('are those that nobody said to trust, and those from nowhere', async () => {
    const remote = everyday();
    await expect(remote.mount({ trust: undefined } as never)).rejects.toThrow('MCP_MOUNT_INVALID');
    await expect(remote.mount({ transport: undefined } as never)).rejects.toThrow('MCP_MOUNT_INVALID');
    expect(remote.servers).toHaveLength(0);
  });
});
