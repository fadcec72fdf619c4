import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const register = pathToFileURL(join(ROOT, 'node_modules/@oxc-node/core/register.mjs')).href;

it('works with node:test: overrides, assertions, contracts, and a test that leaves work alive fails', async () => {
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, ...env } = process.env;
  const args = ['--conditions=stageflow-source', '--import', register, '--test-reporter=tap', '--test'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...args, join(ROOT, 'test/scenarios/node-test/suite.ts')],
    {
      cwd: ROOT,
      env: { ...env, OXC_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
    },
  ).catch((error) => error);
  expect(stdout).toContain('# pass 8');
  expect(stdout).toContain('# fail 1');
  expect(stdout).toMatch(/not ok \d+ - fails here, since it leaves a run alive/);
  expect(stdout).toContain('TEST_WORK_LEFT');
}, 60_000);
