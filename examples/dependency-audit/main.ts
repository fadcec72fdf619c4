import { interruptSignal } from '../support/interrupt-signal.js';
import { renderTimeline } from '../support/timeline.js';
import { audit } from './audit.js';
import { parseCommandLine, USAGE } from './command-line.js';
import { progressPrinter } from './console/progress-printer.js';
import { summary } from './console/summary.js';
import { ExitCode, exitCodeOf } from './exit-code.js';
import { AuditInputError } from './services/audit-input-error.js';
import { WriteReport } from './stages/write-report.js';

process.exitCode = await main(process.argv.slice(2));

/** Progress and complaints go to stderr, results to stdout. */
async function main(args: readonly string[]): Promise<ExitCode> {
  try {
    const { help, request, rules } = parseCommandLine(args);
    if (help) {
      console.log(USAGE);
      return ExitCode.Accepted;
    }
    using interrupt = interruptSignal();
    const outcome = await audit(request, { rules, sinks: [progressPrinter(process.stderr)], signal: interrupt.signal });
    const { results } = outcome;
    if (results.stage(WriteReport).status === 'ok') {
      const { report, files } = results.of(WriteReport);
      console.log(`\n${renderTimeline(results.stages)}\n\n${summary(report, files)}`);
    }
    for (const { stage, reason } of results.failures) console.error(`${stage}: ${reason}`);
    if (outcome.status === 'cancelled') console.error(`Stopped: ${outcome.error.reason}.`);
    return exitCodeOf(outcome);
  } catch (error) {
    if (error instanceof AuditInputError) {
      console.error(`${error.message}\n\n${USAGE}`);
      return ExitCode.BadInput;
    }
    // Node would end with 1 here, which would read as a denial.
    console.error(error);
    return ExitCode.Incomplete;
  }
}
