import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

it('a limit that was not reached does not keep the process alive', async () => {
  const script = fileURLToPath(new URL('fixtures/limited-run.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=stageflow-source', '--import', '@oxc-node/core/register', script],
    { cwd: ROOT, timeout: 50_000 },
  );
  expect(stdout).toBe('done\n');
}, 60_000);
