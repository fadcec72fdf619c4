// @ts-check
/* Other libraries on the same graphs, each in a process of its own beside the same yardstick. */
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { bareDag } from './bare.mjs';
import { GRAPHS } from './engine.mjs';
import { compare } from './measure.mjs';
import { inChild } from './processes.mjs';
import { digits, table } from './table.mjs';

/**
 * Prepares a graph; gives what runs it once, or why it cannot be done.
 * @typedef {(graph: import('./graphs.mjs').GraphShape, index: string) => PreparedRun | Promise<PreparedRun>} Peer
 * @typedef {string | (() => Promise<unknown>)} PreparedRun
 */

/** @type {Record<string, { file: string, package?: string }>} */
const PEERS = {
  'stageflow with its default stack': { file: 'peers/stageflow.mjs' },
  'p-graph': { file: 'peers/p-graph.mjs', package: 'p-graph' },
  'async.auto': { file: 'peers/async-auto.mjs', package: 'async' },
  'LangGraph.js': { file: 'peers/langgraph.mjs', package: '@langchain/langgraph' },
  Mastra: { file: 'peers/mastra.mjs', package: '@mastra/core' },
};

/** A run that takes longer is not repeated. */
const PATIENCE_S = 1;

/**
 * `slowsBare`: how much slower the yardstick itself is once the library runs in the process, as AsyncLocalStorage does
 * on Node 20; the ratio flatters the library by that factor.
 * @param {{ file: string, graph: string, index: string, quick: boolean }} options
 * @returns {Promise<{ skipped: string } | { ratio: number, ns: number, slowsBare: number }>}
 */
export async function measure({ file, graph: name, index, quick }) {
  const graph = /** @type {() => import('./graphs.mjs').GraphShape} */ (GRAPHS[name])();
  const bare = { label: 'bare promise DAG', run: bareDag(graph) };
  const options = { rounds: 15, batchMs: quick ? 5 : 20, warmupMs: quick ? 200 : 600, stages: graph.stages.length };
  const [alone] = await compare([bare], options);
  const module = await import(new URL(file, import.meta.url).href).catch((error) => ({ error }));
  if (module.error) return { skipped: `not run on Node ${process.versions.node}: ${firstLine(module.error)}` };
  const run = await /** @type {Peer} */ (module.prepare)(graph, index);
  if (typeof run === 'string') return { skipped: run };
  const start = performance.now();
  await run();
  const seconds = (performance.now() - start) / 1_000;
  if (seconds > PATIENCE_S) return { skipped: `one run took ${seconds.toFixed(1)} s` };
  const [beside, peer] = await compare([bare, { label: file, run }], options);
  return { ratio: peer.ratio, ns: peer.ns, slowsBare: beside.ns / alone.ns };
}

/** @param {unknown} error */
function firstLine(error) {
  return String(error instanceof Error ? error.message : error).split('\n')[0];
}

/** @param {{ index: string, quick: boolean }} options */
export async function peers({ index, quick }) {
  const figures = [];
  for (const graph of Object.keys(GRAPHS).filter((name) => !name.endsWith('sync'))) {
    for (const [peer, { file, package: name }] of Object.entries(PEERS)) {
      const measured = await inChild('peers.mjs', { file, graph, index, quick }).catch((error) => ({
        skipped: `failed: ${firstLine(error)}`,
      }));
      figures.push({ graph, peer: name === undefined ? peer : `${peer} ${VERSIONS[name]}`, ...measured });
    }
  }
  return figures;
}

/** @type {Record<string, string>} */
const VERSIONS = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).dependencies;

/** @param {Awaited<ReturnType<typeof peers>>} figures */
export function peersTable(figures) {
  const rows = figures.map((figure) => [
    `${figure.graph}: ${figure.peer}`,
    ...('skipped' in figure
      ? ['-', '-', '', `skipped: ${figure.skipped}`]
      : [digits(figure.ratio), figure.ns.toFixed(0), digits(figure.slowsBare)]),
  ]);
  return table('Peers', ['the same yardstick, each alone with it', 'ratio', 'ns/stage', 'slows bare', ''], rows);
}
