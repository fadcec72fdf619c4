import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FIXTURES } from './cli-in-process.js';

const CHECKOUT = resolve(import.meta.dirname, '../..');
const REGISTER = pathToFileURL(join(CHECKOUT, 'node_modules/@oxc-node/core/register.mjs')).href;

/** The command line from source, as its own process: the program and what it is given before the arguments of the user. */
export const COMMAND = [
  process.execPath,
  '--conditions=stageflow-source',
  '--import',
  REGISTER,
  join(CHECKOUT, 'src/cli/main.ts'),
] as const;

export interface RunningProcess {
  readonly child: ChildProcess;
  /** Resolves once stderr says this. */
  says(text: string): Promise<void>;
  readonly ended: Promise<ProcessEnd>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a command in the folder of the fixtures. */
export function startProcess(
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): RunningProcess {
  const child = spawn(program, args, {
    cwd: FIXTURES,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text;
    for (const look of waiting) look();
  });
  const ended = new Promise<ProcessEnd>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => done({ code, signal, ...written }));
  });
  const says = (text: string) => {
    const said = new Promise<void>((done) => {
      const look = () => written.stderr.includes(text) && done();
      waiting.add(look);
      look();
    });
    return Promise.race([
      said,
      ended.then((end) => {
        throw new Error(`The process has ended without saying ${text}: ${JSON.stringify(end)}`);
      }),
    ]);
  };
  return { child, says, ended };
}
