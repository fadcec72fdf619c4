import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Client } from '../../examples/nestjs-app/story/client.js';
import { CHECKOUT } from './run-example.js';

let folder: string;
let child: ChildProcess | null = null;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'newsletters-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** `npm run example -- nestjs-app`, and two people who use the tokens that it prints. */
async function serve(): Promise<{ child: ChildProcess; ann: Client; tom: Client }> {
  const flags = ['--conditions=stageflow-source', '--import', '@oxc-node/core/register'];
  const args = ['nestjs-app', '--port', '0', '--database', path.join(folder, 'house.db')];
  const started = spawn(process.execPath, [...flags, 'examples/run.ts', ...args], {
    cwd: CHECKOUT,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  let said = '';
  for await (const chunk of started.stdout.iterator({ destroyOnReturn: false })) {
    said += chunk;
    if (said.includes('/health')) break;
  }
  const url = /http:\/\/[\d.:]+/.exec(said)?.[0] ?? '';
  const as = (name: string) => new Client(url, new RegExp(`^${name}=.*Bearer (.+)"$`, 'm').exec(said)?.[1] ?? null);
  return { child: started, ann: as('ANN'), tom: as('TOM') };
}

async function stop(process: ChildProcess, signal: NodeJS.Signals): Promise<NodeJS.Signals | null> {
  const exited = once(process, 'exit');
  process.kill(signal);
  const [, by] = await exited;
  return by;
}

it('a run that waits for an approval outlives the process that is killed over it', { timeout: 60_000 }, async () => {
  const first = await serve();
  const { runId } = (await first.ann.post('/editions', { slug: 'may', title: 'May', text: 'It is spring.' })).body;
  const id: string = await vi.waitFor(async () => {
    const [request] = (await first.tom.get('/approvals')).body.requests;
    return request.id;
  }, 15_000);
  await stop(first.child, 'SIGKILL');

  const second = await serve();
  expect((await second.ann.get(`/runs/${runId}`)).body.status).toBe('open');
  expect((await second.tom.post(`/approvals/${id}/approve`)).body.status).toBe('approved');
  const types: string[] = [];
  for await (const { type } of second.ann.watch(runId)) types.push(type);
  expect(types.at(-1)).toBe('pipeline.completed');
  expect((await second.ann.get('/mail')).body).toHaveLength(2);
  expect(await stop(second.child, 'SIGTERM')).toBe('SIGTERM');
});
