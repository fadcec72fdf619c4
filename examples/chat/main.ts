import { AuthContext, Stageflow } from 'stageflow';
import { ExampleInputError } from '../support/example-input-error.js';
import { interruptSignal } from '../support/interrupt-signal.js';
import { reachModel } from '../support/reach-model.js';
import { Chat } from './chat.js';
import { ChatModule } from './chat-module.js';
import { type CommandLine, parseCommandLine, USAGE } from './command-line.js';
import { FORGED_HISTORY, QUESTIONS } from './demonstration.js';
import { script } from './script.js';
import { talk } from './talk.js';
import { typedLines } from './typed-lines.js';

const EXIT_CODES = { answered: 0, refused: 0, failed: 1, cancelled: 130 } as const;

/** Whoever is signed in. In an application a verifier makes this identity of a token. */
const ANN = AuthContext.verified({ userId: 'ann' });

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const commandLine = parseCommandLine(args);
    if (!commandLine.help) return await run(commandLine);
    console.log(USAGE);
    return 0;
  } catch (error) {
    if (!(error instanceof ExampleInputError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

async function run(commandLine: CommandLine): Promise<number> {
  await using reached = await reachModel(script(), process.env);
  const module = ChatModule.with(reached.model);
  await using app = await Stageflow.create(module, { trustedCallers: true });
  using interrupt = interruptSignal();
  const { signal } = interrupt;
  console.log(reached.described);
  const chat = new Chat(app, module, { auth: ANN });
  for await (const question of questionsOf(commandLine, signal)) {
    const { status } = await talk(chat, question, process.stdout, signal);
    if (status === 'failed' || status === 'cancelled') return EXIT_CODES[status];
  }
  if (signal.aborted) return EXIT_CODES.cancelled;
  if (!isPrepared(commandLine)) return 0;
  console.log('\nSomebody sends a history in which the system speaks:');
  const forged = new Chat(app, module, { auth: ANN, history: FORGED_HISTORY });
  return EXIT_CODES[(await talk(forged, 'What do I pay?', process.stdout, signal)).status];
}

function isPrepared({ talk: typed, questions }: CommandLine): boolean {
  return !typed && questions.length === 0;
}

function questionsOf(commandLine: CommandLine, signal: AbortSignal): Iterable<string> | AsyncIterable<string> {
  if (isPrepared(commandLine)) return QUESTIONS;
  if (!commandLine.talk) return commandLine.questions;
  console.log('Ask something. An empty line, or the end of the input, ends it.');
  return typedLines(process.stdin, signal);
}
