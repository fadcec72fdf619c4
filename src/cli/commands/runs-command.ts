import type { Command } from 'commander';
import type { RunQuery, RunStatus, RunSummary, StoredRun } from '../../journal/index.js';
import { ExitCode } from '../exit-code.js';
import { duration, moment } from '../output/duration.js';
import { plainText } from '../output/plain-text.js';
import { table } from '../output/table.js';
import { readStoredRun } from '../runs/find-run.js';
import { ganttText } from '../runs/gantt-text.js';
import { timelineOf } from '../runs/timeline.js';
import { type CommandHost, type CommandOptions, withCommandOptions } from './command-host.js';
import { oneOf, wholeNumber } from './option-values.js';

interface ListOptions extends CommandOptions {
  readonly tenant?: string;
  readonly pipeline?: string;
  readonly status?: RunStatus;
  readonly limit: number;
}

interface ShowOptions extends CommandOptions {
  readonly tenant?: string;
  readonly outputs?: true;
}

export function addRuns(program: Command, host: CommandHost): void {
  const runs = program.command('runs').description('Looks into the journal of the configuration.');
  withCommandOptions(runs.command('list'))
    .description('Lists recorded runs, the latest first.')
    .option('--tenant <tenant>', 'those of one tenant; default: all')
    .option('--pipeline <name>', 'those of one pipeline')
    .option(
      '--status <status>',
      'open, completed, failed or cancelled',
      oneOf('open', 'completed', 'failed', 'cancelled'),
    )
    .option('--limit <count>', 'at most this many', wholeNumber(1), 20)
    .action(host.action((options: ListOptions) => list(host, options)));
  withCommandOptions(runs.command('show').argument('<run>', 'the id of a run'))
    .description('Shows what happened in a run, and when.')
    .option('--tenant <tenant>', 'whose run it is; default: it is looked for')
    .option('--outputs', 'also what stages handed on, with --json')
    .action(host.action((runId: string, options: ShowOptions) => show(host, runId, options)));
}

async function list(host: CommandHost, options: ListOptions): Promise<ExitCode> {
  const { tenant, pipeline, status, limit } = options;
  const query: RunQuery = {
    limit,
    ...(tenant === undefined ? {} : { tenant }),
    ...(pipeline === undefined ? {} : { pipeline }),
    ...(status === undefined ? {} : { status }),
  };
  const summaries = await host.withConfig(options, async (config) => (await config.requireJournal()).list(query));
  if (options.json) host.json({ runs: summaries });
  else if (summaries.length === 0) host.note('No runs.');
  else host.text(table([HEAD, ...summaries.map(rowOf)]));
  return ExitCode.Ok;
}

const HEAD = ['RUN', 'PIPELINE', 'STATUS', 'STARTED (UTC)', 'TOOK', 'TENANT'];

function rowOf({ runId, pipeline, status, startedAt, endedAt, tenant }: RunSummary): readonly string[] {
  const took = endedAt === null ? '' : duration(endedAt - startedAt);
  return [plainText(runId), plainText(pipeline), status, moment(startedAt), took, plainText(tenant ?? '')];
}

async function show(host: CommandHost, runId: string, options: ShowOptions): Promise<ExitCode> {
  return host.withConfig(options, async (config) => {
    const run = await readStoredRun(await config.requireJournal(), runId, options);
    if (options.json) host.json(runJson(run, options.outputs === true));
    else host.text(ganttText(run, host.io.stdout.columns || 100, host.palette));
    return ExitCode.Ok;
  });
}

/** What stages handed on only where it is asked for: it is what people have said, and more than most want to see. */
function runJson(run: StoredRun, withOutputs: boolean): object {
  const { runId, key, pipeline, planHash, startedAt, end, inFlight } = run;
  return {
    runId,
    tenant: key.tenant,
    pipeline,
    planHash,
    status: end?.status ?? 'open',
    startedAt,
    endedAt: end?.at ?? null,
    inFlight,
    timeline: timelineOf(run).rows,
    ...(withOutputs ? { outputs: run.outputs } : {}),
  };
}
