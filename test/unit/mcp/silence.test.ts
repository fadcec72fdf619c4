import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Gate, ManualClock } from '../../../src/testing/index.js';
import { call, Remote } from './remote.js';

// The limits of a request are the SDK's, and run on the timers of the process.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

it('a call may be silent for silenceMs; progress starts the time anew, up to timeoutMs', async () => {
  const gates = [new Gate(), new Gate(), new Gate()];
  let stopped = 0;
  const remote = new Remote((server) => {
    server.registerTool('long', { description: 'Takes long.' }, async ({ signal, _meta, sendNotification }) => {
      signal.addEventListener('abort', () => stopped++);
      for (const [index, gate] of gates.entries()) {
        await gate.pass(signal);
        const params = { progressToken: _meta?.progressToken as number, progress: index };
        await sendNotification({ method: 'notifications/progress', params });
      }
      return { content: [{ type: 'text', text: 'done' }] };
    });
  });
  const effects = { long: 'read' } as const;
  const patient = await remote.mount({ effects, silenceMs: 1_000 });
  const calling = call(patient, 'far_long', {});
  for (const gate of gates) {
    await gate.reached;
    await vi.advanceTimersByTimeAsync(900);
    gate.open();
  }
  expect((await calling).outcome?.output).toBe('done');

  const silent = new Gate();
  gates.splice(0, 3, silent);
  const waiting = call(await remote.mount({ effects, silenceMs: 1_000 }), 'far_long', {});
  await silent.reached;
  await vi.advanceTimersByTimeAsync(1_000);
  const { outcome } = await waiting;
  expect(outcome?.error).toMatchObject({ code: 'MCP_OUTCOME_UNKNOWN', retryable: true });
  expect(stopped).toBe(1);

  const clock = new ManualClock();
  const slow = new Gate();
  gates.splice(0, 1, slow);
  const limited = call(await remote.mount({ effects, timeoutMs: 1_500 }), 'far_long', {}, { clock });
  await slow.reached;
  await clock.advance(1_500);
  expect((await limited).code).toBe('TOOL_TIMEOUT');
  expect(stopped).toBe(2);
});
