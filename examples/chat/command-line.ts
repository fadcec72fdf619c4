import { parseArgs } from 'node:util';
import { ExampleInputError } from '../support/example-input-error.js';

export const USAGE = `A chat with a tea shop, which answers from the documents in examples/chat/documents.

  npm run example -- chat [question …]
  npm run example -- chat --talk

  question   each is one turn; without any, a conversation that is prepared
  --talk     reads the questions from the terminal, one a line

The model is the one that OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY name; without a URL, a script.

Exit codes: 0 talked, 1 something failed, 2 bad input, 130 interrupted.
`;

export interface CommandLine {
  readonly help: boolean;
  readonly talk: boolean;
  readonly questions: readonly string[];
}

/** @throws ExampleInputError for anything it does not understand */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const { help = false, talk = false } = values;
  if (talk && positionals.length > 0) throw new ExampleInputError('--talk reads the questions: give none.');
  return { help, talk, questions: positionals };
}

function parse(args: readonly string[]) {
  try {
    const options = { help: { type: 'boolean', short: 'h' }, talk: { type: 'boolean' } } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new ExampleInputError((error as Error).message, { cause: error });
  }
}
