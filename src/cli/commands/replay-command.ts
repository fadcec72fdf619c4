import type { Command } from 'commander';
import { type Divergence, type ReplayReport, replay } from '../../journal/index.js';
import { ExitCode } from '../exit-code.js';
import { counted } from '../output/counted.js';
import { plainText, shortText } from '../output/plain-text.js';
import { Interrupts } from '../run/interrupts.js';
import { openTarget } from '../run/open-target.js';
import { progressFor } from '../run/progress.js';
import { readStoredRun } from '../runs/find-run.js';
import { type CommandHost, type ModuleOptions, withModuleOptions } from './command-host.js';
import { listed } from './option-values.js';

interface ReplayCommandOptions extends ModuleOptions {
  readonly tenant?: string;
  readonly recompute?: readonly string[];
  readonly quiet?: true;
}

/** How much of a value is shown where two differ. */
const SHOWN = 200;

export function addReplay(program: Command, host: CommandHost): void {
  withModuleOptions(program.command('replay').argument('<module>', 'the module whose code is tried'))
    .argument('<run>', 'the id of a recorded run')
    .description(
      'Runs a recorded run again with the code of now, without effects, and says where it comes to something else.',
    )
    .option('--tenant <tenant>', 'whose run it is; default: it is looked for')
    .option('--recompute <stage>', 'call this stage as well, although it changes the world; may be repeated', listed)
    .option('-q, --quiet', 'show no progress')
    .action(
      host.action((module: string, runId: string, options: ReplayCommandOptions) => {
        return replayRun(host, module, runId, options);
      }),
    );
}

async function replayRun(
  host: CommandHost,
  given: string,
  runId: string,
  options: ReplayCommandOptions,
): Promise<ExitCode> {
  const code = await host.target(given, options);
  return host.withConfig(options, async (config) => {
    const run = await readStoredRun(await config.requireJournal(), runId, options);
    const target = await openTarget(code, await config.runOptions());
    const interrupts = new Interrupts(host.io);
    const progress = progressFor(host.io, options.quiet === true);
    const more = new Set(options.recompute);
    try {
      const report = await replay(target, run, {
        sinks: [progress],
        signal: interrupts.signal,
        ...(more.size === 0 ? {} : { recompute: ({ name, kind }) => more.has(name) || !CHANGES_THE_WORLD.has(kind) }),
      }).finally(() => progress.end());
      if (options.json) host.json(reportJson(runId, report));
      else host.text(reportText(report));
      return interrupts.exitCode ?? (report.divergence === null ? ExitCode.Ok : ExitCode.Failed);
    } finally {
      interrupts.stop();
      await target.close();
    }
  });
}

const CHANGES_THE_WORLD: ReadonlySet<string> = new Set(['work', 'agent']);

function reportJson(runId: string, { divergence, divergences, same, outcome }: ReplayReport): object {
  return { ok: divergence === null, runId, status: outcome.status, same, divergence, divergences };
}

function reportText({ divergence, divergences, same }: ReplayReport): string {
  if (divergence === null) return `No divergence: ${counted(same, 'stage')} came to the same.\n`;
  const others = divergences.slice(1).map(({ stage }) => plainText(stage));
  const more = others.length === 0 ? '' : `Then also: ${others.join(', ')}.\n`;
  return `${divergenceText(divergence)}${more}${counted(same, 'stage')} came to the same.\n`;
}

function divergenceText({ stage, round, recorded, replayed, difference }: Divergence): string {
  const where = round > 1 ? `${plainText(stage)} (${round})` : plainText(stage);
  const lines = [`First divergence: ${where} was ${recorded}, and is ${replayed}.`];
  if (difference !== null) {
    lines.push(`  at ${plainText(difference.path)}`);
    lines.push(`  - ${shortText(JSON.stringify(difference.recorded) ?? 'nothing', SHOWN)}`);
    lines.push(`  + ${shortText(JSON.stringify(difference.replayed) ?? 'nothing', SHOWN)}`);
  }
  return `${lines.join('\n')}\n`;
}
