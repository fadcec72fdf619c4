import { parseArgs } from 'node:util';
import { ExampleInputError } from '../support/example-input-error.js';
import type { ApprovalRule } from './approver.js';

export const USAGE = `An agent tidies notes in a scratch folder. It may edit; before it deletes, a person is asked.

  npm run example -- agent-tools [--approve | --deny]

  --approve   approve every deletion
  --deny      deny every deletion; the default where nobody is at a terminal

The model is the one that OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY name; without a URL, a script.

Exit codes: 0 answered, 1 stopped without an answer, 2 bad input, 130 interrupted.
`;

export interface CommandLine {
  readonly help: boolean;
  readonly approvals: ApprovalRule;
}

/** @throws ExampleInputError for anything it does not understand */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { help = false, approve = false, deny = false } = parse(args);
  if (approve && deny) throw new ExampleInputError('--approve or --deny: which one?');
  return { help, approvals: approve ? 'approve' : deny ? 'deny' : 'ask' };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      help: { type: 'boolean', short: 'h' },
      approve: { type: 'boolean' },
      deny: { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new ExampleInputError((error as Error).message, { cause: error });
  }
}
