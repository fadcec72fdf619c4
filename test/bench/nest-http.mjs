// @ts-check
/*
 * Nest over loopback: as many requests at once as there are, of fewer users. All of their runs stand at a door before one is
 * let through, so that every identity that could be mixed up is there; then the same while the application closes.
 */

import { compare, median } from './measure.mjs';
import { crowdModule, Doorkeeper } from './nest-crowd-app.mjs';
import { inChild } from './processes.mjs';
import { digits, table, verdict } from './table.mjs';

const CROWD = 2_000;
const USERS = 50;
const LATE = 100;

/** In a process of its own. @param {{ index: string, adapter: 'express' | 'fastify', quick: boolean }} options */
export async function measure({ index, adapter, quick }) {
  const stageflow = await import(index);
  const nest = await import(new URL('nestjs.js', index).href);
  const common = await import('@nestjs/common');
  const { NestFactory } = await import('@nestjs/core');
  const door = new Doorkeeper();
  const http = await adapterOf(adapter);
  const module = crowdModule({ stageflow, nest, common }, door);
  const app = await NestFactory.create(module, http, { logger: false, forceCloseConnections: true });
  await app.listen(0, '127.0.0.1');
  app.getHttpServer().keepAliveTimeout = 0; // else a connection may be closed at the moment it is used again
  const url = await app.getUrl();

  const first = await crowd(url, door);
  const left = await leftBehind(url, door, quick ? 2 : 5);
  const price = await priceOf(url, quick);
  const closing = await closeUnderLoad(app, url, door);
  return { ...left, wrong: first.wrong + left.wrong, ms: first.ms, ...price, ...closing };
}

/** @param {'express' | 'fastify'} adapter */
async function adapterOf(adapter) {
  if (adapter === 'express') return new (await import('@nestjs/platform-express')).ExpressAdapter();
  return new (await import('@nestjs/platform-fastify')).FastifyAdapter({ forceCloseConnections: true });
}

/** @param {string} url @param {string} path @param {number} place @returns {Promise<boolean>} whether it is the right answer */
async function ask(url, path, place) {
  const user = `user-${place % USERS}`;
  const answer = await fetch(`${url}/${path}?text=${place}`, { headers: { 'x-user': user } });
  const { by, same, text } = /** @type {any} */ (await answer.json());
  return by === user && same === true && text === String(place);
}

/** All at once, none answered before all are there. @param {string} url @param {Doorkeeper} door */
async function crowd(url, door) {
  const startedAt = performance.now();
  door.open = false;
  const asked = Array.from({ length: CROWD }, (_, place) => ask(url, 'sign', place));
  await until(() => door.waiting === CROWD);
  door.openDoor();
  const right = await Promise.all(asked);
  return { wrong: right.filter((one) => !one).length, ms: performance.now() - startedAt };
}

/** @param {() => boolean} holds */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** What of the runs is still there, once all is as warm as it gets. @param {string} url @param {Doorkeeper} door @param {number} rounds */
async function leftBehind(url, door, rounds) {
  let wrong = 0;
  for (let round = 0; round < rounds; round++) wrong += (await crowd(url, door)).wrong;
  await collect();
  const reachable = door.seen.filter((one) => one.deref() !== undefined).length;
  const { stageflow } = /** @type {any} */ (await (await fetch(`${url}/health`)).json());
  return { wrong, reachable, running: stageflow.running, undisposed: door.entered - door.disposed };
}

async function collect() {
  for (let turn = 0; turn < 3; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    /** @type {any} */ (globalThis).gc();
  }
}

/** A request with a run beside one without. @param {string} url @param {boolean} quick */
async function priceOf(url, quick) {
  const lanes = (/** @type {string} */ path) => () =>
    Promise.all(Array.from({ length: USERS }, (_, place) => ask(url, path, place)));
  const variants = [
    { label: 'a handler', run: lanes('plain') },
    { label: 'and a run', run: lanes('sign') },
  ];
  const options = { rounds: quick ? 7 : 21, batchMs: quick ? 40 : 150, warmupMs: quick ? 500 : 1_500, stages: USERS };
  const measured = await compare(variants, options);
  return { ratio: measured[1]?.ratio ?? 0, us: (measured[1]?.ns ?? 0) / 1_000 };
}

/** @param {any} app @param {string} url @param {Doorkeeper} door */
async function closeUnderLoad(app, url, door) {
  const entered = door.entered;
  door.open = false;
  const asked = Array.from({ length: CROWD }, (_, place) => ask(url, 'sign', place).catch(() => false));
  await until(() => door.waiting === CROWD);
  const closed = app.close();
  const late = await Promise.all(
    Array.from({ length: LATE }, () =>
      fetch(`${url}/sign`, { headers: { 'x-user': 'late' } }).then(({ status }) => status),
    ),
  );
  const accepted = door.entered - entered;
  door.openDoor();
  const answered = (await Promise.all(asked)).filter(Boolean).length;
  await closed;
  return { accepted, lost: accepted - answered, refused: late.filter((status) => status === 503).length };
}

/** @param {{ index: string, quick: boolean, processes: number }} options */
export async function nestHttp({ index, quick, processes }) {
  /** @type {Record<string, any>} */
  const figures = {};
  for (const adapter of ['express', 'fastify']) {
    const runs = [];
    for (let count = 0; count < processes; count++) {
      runs.push(await inChild('nest-http.mjs', { index, adapter, quick }, ['--expose-gc']));
    }
    const medians = Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]);
    const worst = ['wrong', 'lost', 'running', 'undisposed', 'reachable'].map((key) => [
      key,
      Math.max(...runs.map((run) => run[key])),
    ]);
    figures[adapter] = Object.fromEntries([...medians, ...worst]);
  }
  return figures;
}

/** @param {Awaited<ReturnType<typeof nestHttp>>} figures */
export function nestHttpTable(figures) {
  const none = (/** @type {string} */ what, /** @type {number} */ count, beside = '') => [
    what,
    `${count}`,
    beside,
    '0',
    verdict(count, 0),
  ];
  const rows = Object.entries(figures).flatMap(([adapter, one]) => [
    none(`${adapter}: ${CROWD} at once of ${USERS} users, answered for another`, one.wrong, `${digits(one.ms)} ms`),
    none(`${adapter}: runs that go on, instances not disposed, afterwards`, one.running + one.undisposed),
    none(`${adapter}: objects of runs that are reachable afterwards`, one.reachable),
    none(`${adapter}: closed over ${one.accepted} runs, lost`, one.lost),
    none(`${adapter}: let in of ${LATE} that came too late`, LATE - one.refused),
    [`${adapter}: a request with a run, in units of one without`, digits(one.ratio), `${digits(one.us)} us`, '', ''],
  ]);
  return table('Nest over HTTP', ['', 'measured', '', 'target', ''], rows);
}
