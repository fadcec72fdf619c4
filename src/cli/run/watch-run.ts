import type { EventSink } from '../../events/index.js';
import type { StageGraph } from '../../graph/index.js';
import type { RunOutcome } from '../../run/index.js';
import type { CommandHost } from '../commands/command-host.js';
import { ExitCode } from '../exit-code.js';
import { Interrupts } from './interrupts.js';
import { progressFor } from './progress.js';
import { outcomeText, outputsText, Reasons, runJson } from './run-report.js';

export interface WatchOptions {
  readonly json?: true;
  readonly quiet?: true;
  readonly all?: true;
}

/** What a run is started with so that it can be watched. */
export interface Watch {
  readonly sinks: readonly EventSink[];
  readonly signal: AbortSignal;
}

/** Starts a run, shows how it goes on, lets Ctrl-C cancel it, and prints what came of it. */
export async function watchRun(
  host: CommandHost,
  options: WatchOptions,
  graph: StageGraph,
  start: (watch: Watch) => Promise<RunOutcome>,
): Promise<ExitCode> {
  const { io } = host;
  const interrupts = new Interrupts(io);
  const progress = progressFor(io, options.quiet === true);
  const reasons = new Reasons();
  try {
    const outcome = await start({ sinks: [progress, reasons], signal: interrupts.signal }).finally(() =>
      progress.end(),
    );
    if (options.json) host.json(runJson(outcome, reasons));
    else host.text(outputsText(outcome.results, graph, options.all === true, io.stdout.isTTY === true));
    if (!options.quiet || outcome.status !== 'completed') host.note(outcomeText(outcome));
    return interrupts.exitCode ?? exitCodeOf(outcome);
  } finally {
    interrupts.stop();
  }
}

function exitCodeOf({ status }: RunOutcome): ExitCode {
  if (status === 'completed') return ExitCode.Ok;
  return status === 'failed' ? ExitCode.Failed : ExitCode.Cancelled;
}
