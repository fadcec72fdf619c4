import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, cli as inProcess, jsonOf } from './cli-in-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-approvals-'));
  process.env.CLI_TEST_FOLDER = folder;
});
afterAll(() => rmSync(folder, { recursive: true }));

const cli = (args: readonly string[], world: CliWorld = {}) =>
  inProcess([...args, '--config', 'payments.config.ts'], world);

/** A run that waits for an approval: the id of the request, and how the run ends. */
function waitingRun(): { readonly asked: Promise<string>; readonly ended: ReturnType<typeof cli> } {
  let told: (id: string) => void = () => {};
  const asked = new Promise<string>((resolve) => {
    told = resolve;
  });
  const ended = cli(['run', 'payments.ts', '--json'], {
    env: { STAGEFLOW_TOKEN: 'ann' },
    onStderr: (text) => {
      const id = /waits for approval (\S+)/.exec(text)?.[1];
      if (id !== undefined) told(id);
    },
  });
  return { asked, ended };
}

describe('stageflow approvals', () => {
  it('lists what waits, and lets it go on, edited or as it is', async () => {
    const { asked, ended } = waitingRun();
    const id = await asked;
    const listed = await cli(['approvals', 'list']);
    expect(listed.stdout).toContain(id);
    expect(listed.stdout).toContain(
      'pay (irreversible), asked for by user ann in stage "settle" of "payments": pending',
    );
    const approved = await cli(['approvals', 'approve', id, '--reason', 'fine', '--json']);
    expect(jsonOf(approved).request).toMatchObject({ id, status: 'approved', decision: { reason: 'fine' } });
    expect(jsonOf(await ended).outputs.settle).toEqual({ status: 'completed', answer: { paid: 50 } });
    expect((await cli(['approvals', 'list'])).stderr).toContain('Nothing waits.');
    const again = await cli(['approvals', 'deny', id, '--reason', 'late', '--json']);
    expect([again.code, jsonOf(again).error.code]).toEqual([4, 'APPROVAL_SETTLED']);
  });

  it('denies with a reason, which whoever asked is told', async () => {
    const { asked, ended } = waitingRun();
    const id = await asked;
    expect((await cli(['approvals', 'deny', id])).code).toBe(2);
    expect((await cli(['approvals', 'deny', id, '--reason', 'too much'])).code).toBe(0);
    expect(jsonOf(await ended).outputs.settle).toMatchObject({
      status: 'denied',
      answer: expect.stringContaining('too much'),
    });
  });

  it('takes other input from a file', async () => {
    const { asked, ended } = waitingRun();
    const file = join(folder, 'less.json');
    writeFileSync(file, '{"amount":45}');
    const edited = await cli(['approvals', 'approve', await asked, '--edit', file]);
    expect(edited.stdout).toContain('+  "amount": 45');
    expect(jsonOf(await ended).outputs.settle).toMatchObject({ answer: { paid: 45 } });
  });

  it('is for those who may decide: a token stands before the configuration', async () => {
    const { asked, ended } = waitingRun();
    const id = await asked;
    const asAnn = { env: { STAGEFLOW_TOKEN: 'ann' } };
    const own = await cli(['approvals', 'approve', id, '--json'], asAnn);
    expect([own.code, jsonOf(own).error.code]).toEqual([4, 'APPROVAL_FORBIDDEN']);
    expect(jsonOf(await cli(['approvals', 'list', '--mine', '--json'], asAnn)).requests).toHaveLength(1);
    const forged = await cli(['approvals', 'list', '--json'], { env: { STAGEFLOW_TOKEN: 'tom-or-so' } });
    expect([forged.code, jsonOf(forged).error.code]).toEqual([4, 'AUTH_TOKEN_INVALID']);
    await cli(['approvals', 'approve', id]);
    await ended;
  });
});
