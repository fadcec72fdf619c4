import { expect, it } from 'vitest';
import { playOnce } from '../../examples/nestjs-app/story/play-once.js';
import { runExample } from './run-example.js';

const STORY = `\
Somebody without a token: 401.
Ann hands in the edition of May: 202.
  Proofread: 3 words
  save_edition is done
  send_edition waits for somebody's approval
Ann may not approve what she asked for: 403 APPROVAL_FORBIDDEN.
Eve, of another house, learns of nothing: 404 JOURNAL_RUN_MISSING.
The application is closed, and started again on the same file.
The run of Ann: open.
Tom lets it out: approved.
  send_edition waits for somebody's approval
  send_edition is approved by tom
  send_edition is done
  the run is completed
Mailed to joy@acme.example and sam@acme.example.
Ann hands in another text.
  Proofread: 2 words
  save_edition is done
  send_edition waits for somebody's approval
Tom does not let it out: too loud.
  send_edition is denied by tom
  the run has failed: TOOL_DENIED
The text is "Buy now!"
Ann takes it back: save_edition is undone.
The text is "It is spring."
Closed.
`;

it('nestjs-app --once plays its story over HTTP and ends', async () => {
  expect(await runExample(['nestjs-app', '--once'])).toEqual({ code: 0, stdout: STORY, stderr: '' });
});

it('plays the same on Fastify', async () => {
  const lines: string[] = [];
  await playOnce('fastify', (line) => lines.push(line));
  expect(`${lines.join('\n')}\n`).toBe(STORY);
});

it('nestjs-app says how it is used to those who use it otherwise', async () => {
  const { code, stdout, stderr } = await runExample(['nestjs-app', '--adapter', 'koa']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^There is no adapter "koa"\./);
  expect(stderr).toContain('npm run example -- nestjs-app --once');
});
