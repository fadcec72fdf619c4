/* The command line as a process of its own: signals, a terminal, pipes and what is left of a process that dies. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND, startProcess } from './cli-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-process-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const stageflow = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  startProcess([...COMMAND, ...args], { CLI_TEST_FOLDER: folder, ...env });

/** `script` runs a command with a terminal of its own. Its options differ; these are those of util-linux. */
const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

describe('the command line as a process', { timeout: 60_000 }, () => {
  it('cancels the run at the first Ctrl-C and lets it clean up', async () => {
    const { child, says, ended } = stageflow(['run', 'slow.ts#slow', '--no-config']);
    await says('start  wait');
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect([code, stdout, existsSync(join(folder, 'cleaned-up'))]).toEqual([130, '', true]);
    expect(stderr).toContain('cancelled in');
  });

  it('ends at the second Ctrl-C, whatever the stage does', async () => {
    const { child, says, ended } = stageflow(['run', 'slow.ts#deaf', '--no-config']);
    await says('start  hang');
    child.kill('SIGINT');
    await says('once more to stop at once');
    const impatient = setInterval(() => child.kill('SIGINT'), 100); // what comes at once counts as an echo of the first
    expect(await ended.finally(() => clearInterval(impatient))).toMatchObject({ code: 130, stdout: '' });
  });

  it('ends with 70 when a stage throws where nobody can catch it, and not as if the run had failed', async () => {
    const { code, stderr } = await stageflow(['run', 'slow.ts#stray', '--no-config']).ended;
    expect(code).toBe(70);
    expect(stderr).toContain('nobody is there');
  });

  it('goes on with a run whose process was killed', async () => {
    const killed = await stageflow(['run', 'slow.ts#dying', '--run-id', 'r'], { CLI_TEST_DIE: '1' }).ended;
    expect(killed.signal).toBe('SIGKILL');
    const resumed = await stageflow(['resume', 'slow.ts#dying', 'r', '--json', '-q']).ended;
    expect([resumed.code, resumed.stderr]).toEqual([0, '']);
    const { second } = JSON.parse(resumed.stdout).outputs;
    expect(second.firstWas).not.toBe(second.now);
  });

  it('writes results to a pipe whole, however long they are', async () => {
    const text = 'long '.repeat(20_000);
    const { code, stdout } = await stageflow(['run', 'slow.ts#failing', '--no-config', '--json', '-q', '--text', text])
      .ended;
    expect([code, JSON.parse(stdout).outputs.read.text]).toEqual([1, text]);
  });

  it.runIf(hasTerminal)('draws on a terminal', async () => {
    const command = [...COMMAND, 'run', 'several.ts', '--pipeline', 'two', '--no-config'].map((word) => `'${word}'`);
    const { code, stdout } = await startProcess(['script', '-qec', command.join(' '), '/dev/null'], { TERM: 'xterm' })
      .ended;
    expect(code).toBe(0);
    expect(stdout).toContain('\u001b[32mok    \u001b[39m Two');
    expect(stdout).toMatch(/two: [01] of 1 stages/);
  });
});
