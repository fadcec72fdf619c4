import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, jsonOf } from './cli-in-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-run-'));
  process.env.CLI_TEST_FOLDER = folder;
  writeFileSync(join(folder, 'input.json'), '{"user":{"name":"Ada"},"n":1}');
  writeFileSync(join(folder, 'text.txt'), 'from a file');
});
afterAll(() => rmSync(folder, { recursive: true }));

const FAILING = ['run', 'slow.ts#failing', '--no-config', '--json', '-q'];

async function givenInput(args: readonly string[], stdin = ''): Promise<unknown> {
  return jsonOf(await cli([...FAILING, ...args], { stdin })).outputs.read;
}

describe('stageflow run', () => {
  it('prints what the last stages handed on, and how it went to stderr', async () => {
    const { code, stdout, stderr } = await cli(['run', 'several.ts', '--no-config', '--pipeline', 'two']);
    expect([code, stdout]).toEqual([0, 'Two { two: 2 }\n']);
    expect(stderr).toMatch(/^start {2}Two\nok {5}Two in \d+ ms\ncompleted in \d+ ms, run [0-9a-f-]{36}\n$/);
  });

  it('ends with 1 when the run fails, with everything that completed', async () => {
    const { code, stdout, stderr } = await cli(['run', 'slow.ts#failing', '--no-config', '--json', '--text', 'hello']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      status: 'failed',
      pipeline: 'failing',
      outputs: { read: { text: 'hello' } },
      stages: [
        { stage: 'read', status: 'ok', code: null },
        { stage: 'break', status: 'fail', reason: 'the disk is full' },
      ],
      error: { code: 'STAGE_FAILED', stage: 'break' },
    });
    expect(stderr).toContain('fail   break');
    expect(stderr).toContain('failed in');
  });

  it('ends with 5 when a stage cancels the run', async () => {
    const { code, stderr } = await cli(['run', 'slow.ts#stopping', '--no-config', '-q']);
    expect(code).toBe(5);
    expect(stderr).toContain('was cancelled by stage "enough": enough.');
  });

  it('takes its input from flags, files and stdin', async () => {
    const input = join(folder, 'input.json');
    expect(await givenInput(['--input', input, '--set', 'n=2', '--set', 'user.nick="A"', '--set', 'x=y z'])).toEqual({
      given: { user: { name: 'Ada', nick: 'A' }, n: 2, x: 'y z' },
      text: null,
    });
    expect(await givenInput(['--input', '-'], '[1,2]')).toEqual({ given: [1, 2], text: null });
    expect(await givenInput(['--text-file', join(folder, 'text.txt')])).toMatchObject({ text: 'from a file' });
    expect(await givenInput(['--text-file', '-'], 'typed')).toMatchObject({ text: 'typed' });
    expect(await givenInput(['--set', '__proto__.x=1'])).toMatchObject({ given: { ['__proto__']: { x: 1 } } });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it.each([
    [['--input', 'no-such.json'], 'no-such.json cannot be read: ENOENT.'],
    [['--input', '-'], 'What stdin holds is no JSON'],
    [['--text', 'a', '--text-file', 'b'], '--text and --text-file were both given.'],
    [['--input', '-', '--text-file', '-'], '--text-file and --input both read stdin.'],
    [['--set', 'nothing'], '--set nothing has no name and value.'],
    [['--timeout', '-1'], 'Give a whole number from 1.'],
  ])('refuses %j with 2', async (args, message) => {
    const { code, stderr } = await cli(['run', 'slow.ts#failing', '--no-config', ...args], { stdin: 'my secret {' });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('secret');
  });

  it('cancels at the first Ctrl-C, cleans up, and ends with 130', async () => {
    let interrupt: (signal: 'SIGINT') => void = () => {};
    const exits: number[] = [];
    const { code, stderr } = await cli(['run', 'slow.ts#slow', '--no-config'], {
      onListening: (listener) => {
        interrupt = listener;
      },
      onStderr: (text) => {
        if (text.startsWith('start')) interrupt('SIGINT');
      },
      onExit: (asked) => exits.push(asked),
    });
    expect([code, exits, existsSync(join(folder, 'cleaned-up'))]).toEqual([130, [], true]);
    expect(stderr).toContain('cancelling, and cleaning up; once more to stop at once');
    expect(stderr).toContain('cancelled in');
  });

  it('ends the process at the second Ctrl-C, and not at the echo of the first', async () => {
    let interrupt: (signal: 'SIGINT') => void = () => {};
    let time = 0;
    const exits: number[] = [];
    await cli(['run', 'slow.ts#slow', '--no-config'], {
      now: () => time,
      onListening: (listener) => {
        interrupt = listener;
      },
      onStderr: (text) => {
        if (!text.startsWith('start')) return;
        interrupt('SIGINT');
        time = 10;
        interrupt('SIGINT');
        exits.push(0);
        time = 1_000;
        interrupt('SIGINT');
      },
      onExit: (code) => exits.push(code),
    });
    expect(exits).toEqual([0, 130]);
  });
});
