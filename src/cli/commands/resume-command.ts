import type { Command } from 'commander';
import { resume } from '../../journal/index.js';
import type { ExitCode } from '../exit-code.js';
import { readToken, type TokenOptions } from '../loading/read-token.js';
import { openTarget } from '../run/open-target.js';
import { type WatchOptions, watchRun } from '../run/watch-run.js';
import { findRun } from '../runs/find-run.js';
import { type CommandHost, type ModuleOptions, withModuleOptions } from './command-host.js';
import { listed, wholeNumber } from './option-values.js';

interface ResumeCommandOptions extends Omit<ModuleOptions, 'json'>, WatchOptions, TokenOptions {
  readonly tenant?: string;
  readonly repeat?: readonly string[];
  readonly timeout?: number;
}

export function addResume(program: Command, host: CommandHost): void {
  withModuleOptions(program.command('resume').argument('<module>', 'the module whose run it is'))
    .argument('<run>', 'the id of a run that was interrupted')
    .description('Goes on with a run that was interrupted. Stages that had ended are not called again.')
    .option('--tenant <tenant>', 'whose run it is; default: it is looked for')
    .option('--repeat <stage>', 'call this stage again, although it may have taken effect; may be repeated', listed)
    .option(
      '--token-file <file>',
      "the caller's token; default: the one in STAGEFLOW_TOKEN, else as it was verified then",
    )
    .option('--timeout <ms>', 'the run fails if the rest takes longer', wholeNumber(1))
    .option('--all', 'print what all stages handed on, and not only the last ones')
    .option('-q, --quiet', 'show no progress')
    .action(
      host.action((module: string, runId: string, options: ResumeCommandOptions) => {
        return resumeRun(host, module, runId, options);
      }),
    );
}

async function resumeRun(
  host: CommandHost,
  given: string,
  runId: string,
  options: ResumeCommandOptions,
): Promise<ExitCode> {
  const code = await host.target(given, options);
  return host.withConfig(options, async (config) => {
    const journal = await config.requireJournal();
    const token = readToken(host.io, options);
    const key = await findRun(journal, runId, options);
    const { pipeline } = await journal.read(key);
    const target = await openTarget(code, await config.runOptions());
    const choices = {
      inFlight: Object.fromEntries((options.repeat ?? []).map((stage) => [stage, 'repeat'] as const)),
      ...(token === undefined ? {} : { token }),
      ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    };
    try {
      const { graph } = target['~runs'].find(pipeline);
      return await watchRun(host, options, graph, async (watch) => {
        const run = await resume(target, journal, key, { ...choices, ...watch });
        return run.result;
      });
    } finally {
      await target.close();
    }
  });
}
