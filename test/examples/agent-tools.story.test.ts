import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type Approver, approverFor } from '../../examples/agent-tools/approver.js';
import { parseCommandLine } from '../../examples/agent-tools/command-line.js';
import { AGENT, OWNER, RULE } from '../../examples/agent-tools/identities.js';
import { NotesFolder } from '../../examples/agent-tools/notes/notes-folder.js';
import { SAMPLE_NOTES, ScratchFolder } from '../../examples/agent-tools/notes/scratch-folder.js';
import { type OpenNotes, openNotes } from '../../examples/agent-tools/open-notes.js';
import { script } from '../../examples/agent-tools/script.js';
import { story } from '../../examples/agent-tools/story.js';
import { TidyNotes } from '../../examples/agent-tools/tidy-notes.js';
import { startModelServer } from '../../examples/support/openai-server.js';
import { reachModel } from '../../examples/support/reach-model.js';
import type { ModelProvider } from '../../src/agents/index.js';
import { type ScriptedToolCall, scriptedModel } from '../../src/testing/index.js';

const yes: Approver = async () => ({ approved: true, reason: 'fine', auth: OWNER });

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function notesWith(model: ModelProvider): Promise<{ notes: OpenNotes; scratch: ScratchFolder }> {
  const scratch = await ScratchFolder.create();
  opened.push(scratch);
  const notes = await openNotes(scratch, model);
  opened.push(notes);
  return { notes, scratch };
}

async function tell(notes: OpenNotes, approver: Approver, signal?: AbortSignal) {
  const lines: string[] = [];
  const print = (text: string): void => void lines.push(text);
  const outcome = await story(notes, { approver, print, ...(signal === undefined ? {} : { signal }) });
  return { outcome, printed: lines.join('\n') };
}

const calling = (...calls: ScriptedToolCall[]) => scriptedModel([{ calls }, 'Done.']);
const write = (name: string, text: string): ScriptedToolCall => ({ tool: 'write_note', input: { name, text } });

describe('a model that wants out of the folder', () => {
  const OUTSIDE = [
    '../secret.md',
    '..',
    '/etc/hostname',
    'sub/secret.md',
    '..\\secret.md',
    'secret.md\0',
    '.hidden.md',
  ];

  it('reads, writes and deletes nothing there, and is told why', async () => {
    const calls = OUTSIDE.flatMap((name) => [
      { tool: 'read_note', input: { name } },
      write(name, 'mine now'),
      { tool: 'delete_note', input: { name } },
    ]);
    const { notes, scratch } = await notesWith(calling(...calls));
    const secret = path.join(path.dirname(scratch.notes), 'secret.md');
    await writeFile(secret, 'not a note');
    const { outcome, printed } = await tell(notes, yes);
    const made = outcome.results.of(TidyNotes).calls;
    expect(made).toHaveLength(calls.length);
    for (const { status, result } of made) {
      expect(status).toBe('failed');
      expect(result).toContain('TOOL_INPUT_INVALID');
    }
    expect(await readFile(secret, 'utf8')).toBe('not a note');
    expect(printed).not.toContain('not a note');
    expect(printed).not.toContain('pending'); // nobody was bothered with it
    expect(printed).toContain('Nothing is changed.');
  });

  it('does not get there by a link: it follows none, and deletes the link alone', async () => {
    const { notes, scratch } = await notesWith(
      scriptedModel([
        { calls: [{ tool: 'list_notes' }, { tool: 'read_note', input: { name: 'link.md' } }] },
        { calls: [write('link.md', 'mine now'), { tool: 'delete_note', input: { name: 'other.md' } }] },
        'Done.',
      ]),
    );
    const secret = path.join(path.dirname(scratch.notes), 'secret.md');
    await writeFile(secret, 'not a note');
    for (const name of ['link.md', 'other.md']) await symlink(secret, path.join(scratch.notes, name));
    const [list, read, written, deleted] = (await tell(notes, yes)).outcome.results.of(TidyNotes).calls;
    expect(list?.result).toBe(JSON.stringify({ notes: Object.keys(SAMPLE_NOTES) }));
    expect(read?.result).toContain('is a link, not a note');
    expect([written?.status, deleted?.status]).toEqual(['failed', 'completed']);
    expect(await readFile(secret, 'utf8')).toBe('not a note');
  });

  it('would not get there if its tools forgot to check a name', async () => {
    const { scratch } = await notesWith(script());
    const folder = new NotesFolder(scratch.notes);
    for (const name of OUTSIDE) {
      const wrong = 'A note is named like "shopping.md", without a folder.';
      await expect(folder.read(name)).rejects.toThrow(wrong);
      await expect(folder.write(name, '')).rejects.toThrow(wrong);
      await expect(folder.remove(name)).rejects.toThrow(wrong);
    }
  });
});

describe('approvals of deletions', () => {
  it('are kept with who decided, and used once', async () => {
    const { notes } = await notesWith(script());
    const requests: string[] = [];
    const { approvals } = notes;
    await tell(notes, async (_call, signal) => {
      requests.push(...(await approvals.pending({ auth: OWNER })).requests.map(({ id }) => id));
      return yes('', signal);
    });
    expect(requests).toHaveLength(1);
    const kept = await approvals.get(requests[0] ?? '', { auth: OWNER });
    expect(kept).toMatchObject({ status: 'approved', tool: { name: 'delete_note' }, input: { name: 'old-plan.md' } });
    expect(kept.decision).toMatchObject({ by: { kind: 'user', id: 'ann' }, reason: 'fine' });
    expect(kept.usedAt).not.toBeNull();
  });

  it('are none of the agent’s business', async () => {
    const { notes } = await notesWith(script());
    const { outcome } = await tell(notes, async () => {
      const [request] = (await notes.approvals.pending({ auth: OWNER })).requests;
      await expect(notes.approvals.approve(request?.id ?? '', { auth: AGENT })).rejects.toMatchObject({
        code: 'APPROVAL_FORBIDDEN',
      });
      return { approved: false, reason: 'I need it', auth: OWNER };
    });
    expect(outcome.results.of(TidyNotes).calls.at(-1)).toMatchObject({ tool: 'delete_note', status: 'denied' });
    expect(await notes.folder.names()).toEqual(Object.keys(SAMPLE_NOTES));
  });

  it('are closed when the run is cancelled while somebody is asked', async () => {
    const { notes } = await notesWith(script());
    const interrupt = new AbortController();
    const terminal = terminalSaying(null);
    const approver = approverFor('ask', terminal.input, terminal.output);
    terminal.output.once('data', () => interrupt.abort('interrupted'));
    const { outcome, printed } = await tell(notes, approver, interrupt.signal);
    expect(outcome.status).toBe('cancelled');
    expect(printed).toContain('cancelled by nobody: the run was cancelled');
    expect((await notes.approvals.pending({ auth: OWNER })).requests).toEqual([]);
    expect(await notes.folder.names()).toContain('old-plan.md');
  });
});

function terminalSaying(text: string | null) {
  const input = Object.assign(new PassThrough(), { isTTY: true });
  const output = new PassThrough();
  if (text !== null) input.end(text);
  return { input, output };
}

describe('the approver', () => {
  it.each([
    ['y\n', true],
    ['YES\n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    ['', false], // the end of the input
  ])('takes %j at a terminal for %j', async (typed, approved) => {
    const { input, output } = terminalSaying(typed);
    const decision = await approverFor('ask', input, output)('delete_note', new AbortController().signal);
    expect(decision).toMatchObject({ approved, auth: OWNER });
    expect(output.read()?.toString()).toBe('  Approve? [y/N] ');
  });

  it.each([
    ['approve', true],
    ['deny', false],
    ['ask', false], // there is no terminal
  ] as const)('says by the rule %j, in its own name, %j', async (rule, approved) => {
    const approver = approverFor(rule, new PassThrough(), new PassThrough());
    expect(await approver('delete_note', new AbortController().signal)).toMatchObject({ approved, auth: RULE });
  });
});

describe('the last edit', () => {
  it('alone is undone, where a note was edited twice', async () => {
    const { notes } = await notesWith(calling(write('meeting.md', 'one\n'), write('meeting.md', 'two\n')));
    expect((await tell(notes, yes)).printed).toContain('The last edit is undone.');
    expect(await notes.folder.read('meeting.md')).toBe('one\n');
  });

  it('is undone by deleting what it began', async () => {
    const { notes } = await notesWith(calling(write('idea.md', 'tea\n')));
    expect((await tell(notes, yes)).printed).toContain('Nothing is changed.');
    expect(await notes.folder.names()).toEqual(Object.keys(SAMPLE_NOTES));
  });

  it('stays where something was changed after it', async () => {
    const { notes } = await notesWith(
      calling(write('meeting.md', 'one\n'), { tool: 'delete_note', input: { name: 'meeting.md' } }),
    );
    const { printed } = await tell(notes, yes);
    expect(printed).toContain('The last edit stays: ');
    expect(await notes.folder.names()).not.toContain('meeting.md');
  });
});

describe('what cannot work', () => {
  it('is told without the key, and changes nothing', async () => {
    const server = await startModelServer(script(), { apiKey: 'open-sesame' });
    opened.push({ [Symbol.asyncDispose]: () => server.close() });
    const env = { OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'tea-1', OPENAI_API_KEY: 'guessed-key' };
    const { notes } = await notesWith((await reachModel(script(), env)).model);
    const { outcome, printed } = await tell(notes, yes);
    expect(outcome.status).toBe('failed');
    expect(printed).toMatch(/\nStopped: .*401/);
    expect(printed).toContain('Nothing is changed.');
    expect(printed).not.toContain('guessed-key');
  });

  it('is refused before anything begins', async () => {
    expect(() => parseCommandLine(['--yes'])).toThrow("Unknown option '--yes'");
    const endpoint = { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
    await expect(reachModel(script(), endpoint)).rejects.toThrow('OPENAI_MODEL is not');
    await expect(reachModel(script(), { OPENAI_BASE_URL: 'here' })).rejects.toThrow('OPENAI_BASE_URL is no URL.');
  });
});
