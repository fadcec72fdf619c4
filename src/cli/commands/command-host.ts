import type { Command } from 'commander';
import type { CliIo } from '../cli-io.js';
import type { ExitCode } from '../exit-code.js';
import { loadConfig } from '../loading/load-config.js';
import { type LoadedModule, loadModule, readModuleName } from '../loading/load-module.js';
import type { LoadedConfig } from '../loading/loaded-config.js';
import { pickTarget, type Target } from '../loading/target.js';
import { jsonText } from '../output/json-text.js';
import { type Palette, paletteFor } from '../output/palette.js';
import { plainText } from '../output/plain-text.js';

/** What every command takes. */
export interface CommandOptions {
  readonly json?: true;
  readonly config?: string | false;
}

/** What commands that work with a module take beside it. */
export interface ModuleOptions extends CommandOptions {
  readonly export?: string;
}

/** What commands are made in, and answer to. */
export class CommandHost {
  readonly io: CliIo;
  /** What the process will end with. */
  exitCode: ExitCode = 0;

  constructor(io: CliIo) {
    this.io = io;
  }

  /** Makes an action of a function that gives an exit code. */
  action<A extends unknown[]>(act: (...given: A) => Promise<ExitCode>): (...given: A) => Promise<void> {
    return async (...given) => {
      this.exitCode = await act(...given);
    };
  }

  /** Runs with the configuration, and closes it afterwards, whatever happens. */
  async withConfig<T>({ config: given }: CommandOptions, act: (config: LoadedConfig) => Promise<T>): Promise<T> {
    const config = await loadConfig(this.io, given);
    try {
      return await act(config);
    } finally {
      await config.close();
    }
  }

  async load(given: string): Promise<LoadedModule> {
    return loadModule(this.io, readModuleName(this.io, given));
  }

  async target(given: string, options: ModuleOptions): Promise<Target> {
    return pickTarget(await this.load(given), options.export ?? null);
  }

  /** A result for programs. */
  json(value: unknown): void {
    this.io.stdout.write(`${jsonText(value)}\n`);
  }

  /** A result for people. */
  text(text: string): void {
    this.io.stdout.write(text);
  }

  /** Something to know that is no result. What others have worded, such as the message of an error, may be in it. */
  note(text: string): void {
    this.io.stderr.write(`${text.split('\n').map(plainText).join('\n')}\n`);
  }

  get palette(): Palette {
    return paletteFor(this.io.stdout, this.io.env);
  }
}

export function withCommandOptions(command: Command): Command {
  return command
    .option('--json', 'the result as JSON')
    .option('--config <file>', 'the configuration; default: stageflow.config.ts, .mts, .js or .mjs')
    .option('--no-config', 'read no configuration');
}

export function withModuleOptions(command: Command): Command {
  return withCommandOptions(command).option(
    '--export <name>',
    'which export of the module; default: its default export, else the only one that fits',
  );
}
