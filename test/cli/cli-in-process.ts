import { join } from 'node:path';
import type { CliIo, InterruptSignal } from '../../src/cli/cli-io.js';
import { runCli } from '../../src/cli/run-cli.js';

export const FIXTURES = join(import.meta.dirname, 'fixtures');

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliWorld {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Told whatever goes to stderr. */
  readonly onStderr?: (text: string) => void;
  /** Given what sends a signal. */
  readonly onListening?: (interrupt: (signal: InterruptSignal) => void) => void;
  /** Default: time stands still. */
  readonly now?: () => number;
  /** Given what was asked of the process. */
  readonly onExit?: (code: number) => void;
}

/** The command line in this process, in the folder of the fixtures. */
export async function cli(args: readonly string[], world: CliWorld = {}): Promise<CliResult> {
  const written = { stdout: '', stderr: '' };
  const io: CliIo = {
    cwd: world.cwd ?? FIXTURES,
    env: world.env ?? {},
    version: '1.2.3',
    stdout: {
      write: (text) => {
        written.stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        written.stderr += text;
        world.onStderr?.(text);
      },
    },
    stdin: (async function* () {
      yield world.stdin ?? '';
    })(),
    importModule: (path) => import(/* @vite-ignore */ path),
    onInterrupt: (listener) => {
      world.onListening?.(listener);
      return () => {};
    },
    exit: (code) => world.onExit?.(code),
    every: () => () => {},
    now: world.now ?? (() => 0),
  };
  const code = await runCli(args, io);
  return { code, ...written };
}

export function jsonOf({ stdout }: CliResult): any /* of whatever command it is */ {
  return JSON.parse(stdout);
}
