import { Command } from 'commander';
import type { CliIo } from './cli-io.js';
import { addApprovals } from './commands/approvals-command.js';
import { addCheck } from './commands/check-command.js';
import { CommandHost } from './commands/command-host.js';
import { addContracts } from './commands/contracts-command.js';
import { addGraph } from './commands/graph-command.js';
import { addReplay } from './commands/replay-command.js';
import { addResume } from './commands/resume-command.js';
import { addRun } from './commands/run-command.js';
import { addRuns } from './commands/runs-command.js';
import type { ExitCode } from './exit-code.js';
import { reportError } from './report-error.js';

/** Does what the arguments say. Never rejects. @param args without node and the script @returns the exit code */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  const host = new CommandHost(io);
  try {
    await createProgram(host).parseAsync(args, { from: 'user' });
    return host.exitCode;
  } catch (error) {
    return reportError(host, error, args.includes('--json'));
  }
}

function createProgram(host: CommandHost): Command {
  const { io } = host;
  const program = new Command('stageflow')
    .description('Checks, draws, runs and looks into pipelines.')
    .version(io.version)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 80,
      getErrHelpWidth: () => io.stderr.columns ?? 80,
    })
    .showSuggestionAfterError()
    .exitOverride();
  addCheck(program, host);
  addGraph(program, host);
  addRun(program, host);
  addRuns(program, host);
  addReplay(program, host);
  addResume(program, host);
  addApprovals(program, host);
  addContracts(program, host);
  return program;
}
