import { spawn } from 'node:child_process';
import path from 'node:path';

export const CHECKOUT = path.resolve(import.meta.dirname, '../..');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run example -- <args>` the way package.json does, without npm. */
export async function runExample(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const flags = ['--conditions=stageflow-source', '--import', '@oxc-node/core/register'];
  const child = spawn(process.execPath, [...flags, 'examples/run.ts', ...args], {
    cwd: CHECKOUT,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
