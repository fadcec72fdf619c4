import { pathToFileURL } from 'node:url';
import type { CliIo, InterruptSignal, TextOutput } from './cli-io.js';
import { isTypeScript, registerTypeScript } from './loading/typescript-files.js';

/** The world as this process has it. */
export function processIo(version: string): CliIo {
  return {
    cwd: process.cwd(),
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    version,
    importModule: async (path) => {
      if (isTypeScript(path)) await registerTypeScript(path);
      return import(pathToFileURL(path).href);
    },
    onInterrupt,
    exit: (code) => process.exit(code),
    every: (ms, callback) => {
      const timer = setInterval(callback, ms);
      return () => clearInterval(timer);
    },
    now: () => Date.now(),
  };
}

/** Resolves once what was written has left the process: without it `exit` cuts off what goes into a pipe. */
export async function flushed(...outputs: readonly TextOutput[]): Promise<void> {
  const streams = outputs as readonly NodeJS.WriteStream[];
  await Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
}

function onInterrupt(listener: (signal: InterruptSignal) => void): () => void {
  const interrupted = () => listener('SIGINT');
  const terminated = () => listener('SIGTERM');
  process.on('SIGINT', interrupted).on('SIGTERM', terminated);
  return () => {
    process.off('SIGINT', interrupted).off('SIGTERM', terminated);
  };
}
