import { type RunOutcome, StageflowError } from 'stageflow';
import type { AgentCall } from 'stageflow/agents';
import { OWNER } from './identities.js';
import { changesOf } from './notes/changes.js';
import type { OpenNotes } from './open-notes.js';
import { REQUEST } from './script.js';
import { type TidyOptions, tidy } from './tidy.js';
import { TidyNotes } from './tidy-notes.js';

/** The whole example: the agent works, one edit is undone, and a patch shows what is left of its work. */
export async function story(notes: OpenNotes, options: TidyOptions): Promise<RunOutcome> {
  const { print } = options;
  const before = await notes.folder.all();
  print(`You: ${REQUEST}`);
  const outcome = await tidy(notes, REQUEST, options);
  if (outcome.status === 'completed') {
    const { answer, calls } = outcome.results.of(TidyNotes);
    print(`Agent: ${answer}\n`);
    print(await undoLastEdit(notes, calls));
  } else {
    print(`\nStopped: ${outcome.error.message}`);
  }
  const changes = changesOf(before, await notes.folder.all());
  print(changes === '' ? '\nNothing is changed.' : `\nWhat is left:\n${changes.trimEnd()}`);
  return outcome;
}

/** By its id alone: the run is over, and another process could do the same. */
async function undoLastEdit({ undo }: OpenNotes, calls: readonly AgentCall[]): Promise<string> {
  const last = calls.findLast(({ tool, status }) => tool === 'write_note' && status === 'completed');
  if (last === undefined) return 'There is no edit to undo.';
  try {
    await undo.undo(last.callId, { auth: OWNER });
    return 'The last edit is undone.';
  } catch (error) {
    if (error instanceof StageflowError) return `The last edit stays: ${error.message}`;
    throw error;
  }
}
