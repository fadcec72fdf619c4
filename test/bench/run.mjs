// @ts-check
// node --expose-gc run.mjs [--only engine,peers,…] [--quick] [--processes n] [--json file] [--dist folder]
import { existsSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { approvals, approvalsTable } from './approvals.mjs';
import { auth, authTable } from './auth.mjs';
import { children, childrenTable } from './children.mjs';
import { container, containerTable } from './container.mjs';
import { contracts, contractsTable } from './contracts.mjs';
import { engine, engineTable } from './engine.mjs';
import { imports, importsTable } from './imports.mjs';
import { interceptors, interceptorsTable } from './interceptors.mjs';
import { items, itemsTable } from './items.mjs';
import { journal, journalTable } from './journal.mjs';
import { memory, memoryTable } from './memory.mjs';
import { nest, nestTable } from './nest.mjs';
import { nestHttp, nestHttpTable } from './nest-http.mjs';
import { observability, observabilityTable } from './observability.mjs';
import { payloads, payloadsTable } from './payloads.mjs';
import { peers, peersTable } from './peers.mjs';
import { scale, scaleTable } from './scale.mjs';
import { tools, toolsTable } from './tools.mjs';

/** @typedef {{ core: string, index: string, auth: string, quick: boolean, processes: number }} Options */

/** @type {Record<string, { measure: (options: Options) => Promise<any>, print: (figures: any) => string }>} */
const BENCHES = {
  engine: { measure: engine, print: engineTable },
  interceptors: { measure: interceptors, print: interceptorsTable },
  observability: { measure: observability, print: observabilityTable },
  peers: { measure: peers, print: peersTable },
  scale: { measure: scale, print: scaleTable },
  memory: { measure: memory, print: memoryTable },
  payloads: { measure: payloads, print: payloadsTable },
  contracts: { measure: contracts, print: contractsTable },
  auth: { measure: auth, print: authTable },
  tools: { measure: tools, print: toolsTable },
  approvals: { measure: approvals, print: approvalsTable },
  children: { measure: children, print: childrenTable },
  items: { measure: items, print: itemsTable },
  journal: { measure: journal, print: journalTable },
  container: { measure: container, print: containerTable },
  nest: { measure: nest, print: nestTable },
  'nest-http': { measure: nestHttp, print: nestHttpTable },
  imports: { measure: imports, print: importsTable },
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(BENCHES).join() },
    quick: { type: 'boolean', default: false },
    processes: { type: 'string', default: '3' },
    json: { type: 'string' },
    dist: { type: 'string', default: fileURLToPath(new URL('../../dist', import.meta.url)) },
  },
});

const dist = resolve(values.dist);
const names = values.only.split(',');
const unknown = names.filter((name) => !(name in BENCHES));
const processes = Number(values.processes);
if (unknown.length > 0) fail(`There is no bench ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}.`);
if (!Number.isInteger(processes) || processes < 1) fail(`--processes is ${values.processes}; give a whole number.`);
if (!existsSync(resolve(dist, 'core.js'))) fail(`${dist} holds no build: npm run build`);

/** @type {Options} */
const options = {
  core: pathToFileURL(resolve(dist, 'core.js')).href,
  index: pathToFileURL(resolve(dist, 'index.js')).href,
  auth: pathToFileURL(resolve(dist, 'auth.js')).href,
  quick: values.quick,
  processes,
};
const machine = `Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}`;
console.log(`${machine}${values.quick ? ', quick: expect noise' : ''}\n`);

/** @type {Record<string, unknown>} */
const figures = { machine, node: process.versions.node, quick: values.quick, processes };
for (const name of names) {
  const { measure, print } = /** @type {(typeof BENCHES)[string]} */ (BENCHES[name]);
  figures[name] = await measure(options);
  console.log(print(figures[name]));
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(2);
}
