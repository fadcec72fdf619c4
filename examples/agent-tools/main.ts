import { ExampleInputError } from '../support/example-input-error.js';
import { interruptSignal } from '../support/interrupt-signal.js';
import { reachModel } from '../support/reach-model.js';
import { type ApprovalRule, approverFor } from './approver.js';
import { parseCommandLine, USAGE } from './command-line.js';
import { ScratchFolder } from './notes/scratch-folder.js';
import { openNotes } from './open-notes.js';
import { script } from './script.js';
import { story } from './story.js';

const EXIT_CODES = { completed: 0, failed: 1, cancelled: 130 } as const;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { help, approvals } = parseCommandLine(args);
    if (!help) return await run(approvals);
    console.log(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof ExampleInputError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function run(rule: ApprovalRule): Promise<number> {
  await using reached = await reachModel(script(), process.env);
  await using scratch = await ScratchFolder.create();
  await using notes = await openNotes(scratch, reached.model);
  using interrupt = interruptSignal();
  console.log(`${reached.described}\n`);
  const approver = approverFor(rule, process.stdin, process.stdout);
  const { status } = await story(notes, { approver, print: console.log, signal: interrupt.signal });
  return EXIT_CODES[status];
}
