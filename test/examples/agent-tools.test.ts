import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { script } from '../../examples/agent-tools/script.js';
import { type ModelServer, startModelServer } from '../../examples/support/openai-server.js';
import { CHECKOUT, runExample } from './run-example.js';

const LOCAL = { OPENAI_BASE_URL: '', OPENAI_MODEL: '', OPENAI_API_KEY: '' };

const servers: ModelServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const WORK = `\
You: Tidy my notes: correct the spelling, put the shopping list in alphabetical order, delete what says that it is out of date.
- list_notes
- read_note "meeting.md"
- read_note "old-plan.md"
- read_note "shopping.md"
- write_note "meeting.md"
- write_note "shopping.md"
- delete_note "old-plan.md"
  delete_note (irreversible), asked for by service-account notes-agent in stage "TidyNotes" of "notes": pending
  {
    "name": "old-plan.md"
  }
`;
const EDIT_LEFT = `
The last edit is undone.

What is left:
--- meeting.md
+++ meeting.md
@@ -1,4 +1,4 @@
 # Meeting on Monday
 
-We agred to ship the tea on Tuesday.
+We agreed to ship the tea on Tuesday.
 Bo talks to the harbour.
`;
describe('npm run example -- agent-tools', () => {
  it('says that a script answers, deletes what is approved, undoes one edit and shows what is left', async () => {
    const finished = await runExample(['agent-tools', '--approve'], LOCAL);
    expect(finished).toEqual({
      code: 0,
      stdout: `\
Model: a script, behind a server on this machine that speaks the same protocol.
For a real one set OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY.

${WORK}  approved by approval-rule: the command line says --approve
Agent: I corrected meeting.md and sorted shopping.md. The old plan is deleted.
${EDIT_LEFT}--- old-plan.md
+++ old-plan.md
@@ -1,3 +0,0 @@
-# Plan
-
-Out of date: see meeting.md.
`,
      stderr: '',
    });
    const page = await readFile(path.join(CHECKOUT, 'docs/examples/agent-tools.md'), 'utf8');
    expect(page).toContain(finished.stdout); // readers are shown the same
  });

  it('talks to the endpoint that the environment names, and deletes nothing where nobody is there to approve it', async () => {
    const server = await startModelServer(script(), { apiKey: 'open-sesame' });
    servers.push(server);
    const env = { OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'tea-1', OPENAI_API_KEY: 'open-sesame' };
    expect(await runExample(['agent-tools'], env)).toEqual({
      code: 0,
      stdout: `\
Model: tea-1, at ${new URL(server.url).host}

${WORK}  denied by approval-rule: nobody is there to approve it
  not done: Tool "delete_note" was denied: nobody is there to approve it.
Agent: I corrected meeting.md and sorted shopping.md. The old plan stays: I was not allowed to delete it.
${EDIT_LEFT}`,
      stderr: '',
    });
    expect(server.requests.map(({ model, stream }) => ({ model, stream }))).toEqual(
      Array(5).fill({ model: 'tea-1', stream: true }),
    );
    expect(server.requests[0]?.tools?.map((tool) => tool.function.name)).toEqual([
      ...['list_notes', 'read_note', 'write_note', 'delete_note'],
    ]);
  });

  it('does not guess which of two answers is meant', async () => {
    const { code, stdout, stderr } = await runExample(['agent-tools', '--approve', '--deny'], LOCAL);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--approve or --deny: which one?\n\nAn agent tidies notes in a scratch folder.');
  });
});
