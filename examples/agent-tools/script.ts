import type { ModelProvider, ModelRequest } from 'stageflow/agents';
import { scriptedModel } from 'stageflow/testing';

/** What the person asks of the agent. */
export const REQUEST =
  'Tidy my notes: correct the spelling, put the shopping list in alphabetical order, delete what says that it is out of date.';

/** Says what a model might say to that. */
export function script(): ModelProvider {
  return scriptedModel(
    [
      { calls: [{ tool: 'list_notes' }] },
      { calls: ['meeting.md', 'old-plan.md', 'shopping.md'].map((name) => ({ tool: 'read_note', input: { name } })) },
      {
        calls: [
          { tool: 'write_note', input: { name: 'meeting.md', text: MEETING } },
          { tool: 'write_note', input: { name: 'shopping.md', text: SHOPPING } },
        ],
      },
      { calls: [{ tool: 'delete_note', input: { name: 'old-plan.md' } }] },
      (request) => `I corrected meeting.md and sorted shopping.md. ${endOf(request)}`,
    ],
    { model: 'script' },
  );
}

const MEETING = '# Meeting on Monday\n\nWe agreed to ship the tea on Tuesday.\nBo talks to the harbour.\n';
const SHOPPING = '# Shopping\n\n- apples\n- bread\n- milk\n';

function endOf({ messages }: ModelRequest): string {
  const wasDeleted = messages.at(-1)?.text.includes('"deleted"') === true;
  return wasDeleted ? 'The old plan is deleted.' : 'The old plan stays: I was not allowed to delete it.';
}
