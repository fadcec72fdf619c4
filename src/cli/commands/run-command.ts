import type { Command } from 'commander';
import type { ExitCode } from '../exit-code.js';
import { pickPipeline } from '../loading/pick-pipeline.js';
import { openTarget } from '../run/open-target.js';
import { type InputOptions, readRunInput } from '../run/read-input.js';
import { type WatchOptions, watchRun } from '../run/watch-run.js';
import { type CommandHost, type ModuleOptions, withModuleOptions } from './command-host.js';
import { listed, wholeNumber } from './option-values.js';

interface RunCommandOptions extends Omit<ModuleOptions, 'json'>, InputOptions, WatchOptions {
  readonly pipeline?: string;
  readonly timeout?: number;
  readonly maxConcurrency?: number;
  readonly mode?: string;
}

export function addRun(program: Command, host: CommandHost): void {
  withModuleOptions(program.command('run').argument('<module>', 'a TypeScript or JavaScript file, or file#Export'))
    .description('Runs a pipeline. Results go to stdout, progress to stderr; Ctrl-C cancels.')
    .option(
      '--pipeline <name>',
      'which pipeline of an application; default: that of the module itself, or the only one',
    )
    .option('--text <text>', 'the input text')
    .option('--text-file <file>', 'the input text from a file, or - for stdin')
    .option('--input <file>', 'the input as JSON from a file, or - for stdin')
    .option('--set <name=value>', 'a field of the input; the value is JSON or text; may be repeated', listed)
    .option('--metadata <name=value>', 'a field of the metadata; may be repeated', listed)
    .option('--run-id <id>', 'the id of the run; default: one is made')
    .option('--token-file <file>', "the caller's token; default: the one in STAGEFLOW_TOKEN")
    .option('--timeout <ms>', 'the run fails if it takes longer', wholeNumber(1))
    .option('--max-concurrency <count>', 'how many stages may run at once', wholeNumber(1))
    .option('--mode <mode>', 'the execution mode, which decides what tools may be used')
    .option('--all', 'print what all stages handed on, and not only the last ones')
    .option('-q, --quiet', 'show no progress')
    .action(host.action((module: string, options: RunCommandOptions) => run(host, module, options)));
}

async function run(host: CommandHost, given: string, options: RunCommandOptions): Promise<ExitCode> {
  const { timeout, maxConcurrency, mode } = options;
  const limits = {
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    ...(mode === undefined ? {} : { toolMode: mode }),
  };
  const target = await host.target(given, options);
  const input = await readRunInput(host.io, options);
  return host.withConfig(options, async (config) => {
    const opened = await openTarget(target, await config.runOptions());
    try {
      const { bound, graph } = pickPipeline(opened.pipelines, options.pipeline);
      const { engine } = opened['~runs'];
      return await watchRun(
        host,
        options,
        graph,
        (watch) => engine.start(bound, input, { ...limits, ...watch }).result,
      );
    } finally {
      await opened.close();
    }
  });
}
