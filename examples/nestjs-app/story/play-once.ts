import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PEOPLE, signToken } from '../auth/sign-token.js';
import { createApp } from '../create-app.js';
import type { Settings } from '../settings.js';
import { Client } from './client.js';
import { afterTheRestart, beforeTheRestart, type Cast } from './story.js';

/** Plays the story against the application on a free port, with a restart in the middle, and leaves nothing behind. */
export async function playOnce(
  adapter: Settings['adapter'],
  tell: (line: string) => void = console.log,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'newsletters-'));
  const secret = randomBytes(32).toString('hex');
  const settings = { adapter, secret, database: path.join(folder, 'house.db'), graceMs: 100 };
  try {
    const runId = await during(settings, (cast) => beforeTheRestart(cast, tell));
    tell('The application is closed, and started again on the same file.');
    await during(settings, (cast) => afterTheRestart(cast, runId, tell));
    tell('Closed.');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One life of the application. */
async function during<T>(settings: Settings, play: (cast: Cast) => Promise<T>): Promise<T> {
  const app = await createApp(settings);
  try {
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const as = async (name: keyof typeof PEOPLE) => new Client(url, await signToken(PEOPLE[name], settings.secret));
    const [ann, tom, eve] = await Promise.all([as('ann'), as('tom'), as('eve')]);
    return await play({ ann, tom, eve, stranger: new Client(url, null) });
  } finally {
    await app.close();
  }
}
