import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const register = import.meta.resolve('@oxc-node/core/register');
const script = fileURLToPath(new URL('fixtures/quiet-run.ts', import.meta.url));

it('a run writes no files and prints nothing (159)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stageflow-run-'));
  try {
    const env = { ...process.env, TMPDIR: folder, TEMP: folder, TMP: folder, HOME: folder };
    const args = ['--conditions=stageflow-source', '--import', register, script];
    const { stdout, stderr } = await run(process.execPath, args, { cwd: folder, env });
    expect([stdout.trim(), stderr]).toEqual(['the outcome: failed', '']);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
