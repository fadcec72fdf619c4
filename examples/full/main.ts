import { parseArgs } from 'node:util';
import { ExampleInputError } from '../support/example-input-error.js';
import { reachModel } from '../support/reach-model.js';
import { modelScript } from './local/model-script.js';
import { tellStory } from './story.js';

const USAGE = `A support desk: guards, a router, a model with tools, approvals, undo, tracing, a journal and its replay.

  npm run example -- full [--deny]

  --deny   the supervisor does not agree to the refund

With OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY a model of yours solves the case; without, a server on this machine plays one.
Exit codes: 0 answered, 1 failed, 2 bad input.
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { help, deny } = readArguments(args);
    if (help) {
      console.log(USAGE);
      return 0;
    }
    await using reached = await reachModel(modelScript(), process.env);
    const { model, described } = reached;
    console.log(described);
    const outcome = await tellStory({ model, approve: !deny, say: (line) => console.log(line) });
    if (outcome.status === 'completed') return 0;
    console.error(outcome.error.message);
    return 1;
  } catch (error) {
    if (!(error instanceof ExampleInputError)) throw error;
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
}

function readArguments(args: readonly string[]): { readonly help: boolean; readonly deny: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { deny: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    return { help: values.help === true, deny: values.deny === true };
  } catch (error) {
    throw new ExampleInputError(error instanceof Error ? error.message : String(error));
  }
}
