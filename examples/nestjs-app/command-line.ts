import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Settings } from './settings.js';

export const USAGE = `Newsletters that somebody else has to approve: a Nest application.

  npm run example -- nestjs-app [--adapter express|fastify] [--port <number>] [--database <file>]
  npm run example -- nestjs-app --once [--adapter express|fastify]

  --adapter   what answers HTTP; default: express
  --port      default: 3000; 0 for a free one
  --database  the SQLite file with everything; default: stageflow-newsletters.db in the temporary folder of the system
  --once      starts on a free port, plays a story through HTTP, prints it, and ends
`;

export interface CommandLine {
  readonly help: boolean;
  readonly once: boolean;
  readonly adapter: Settings['adapter'];
  readonly port: number;
  readonly database: string;
}

/** @throws TypeError for anything it does not understand */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      once: { type: 'boolean', default: false },
      adapter: { type: 'string', default: 'express' },
      port: { type: 'string', default: '3000' },
      database: { type: 'string', default: path.join(tmpdir(), 'stageflow-newsletters.db') },
    },
  });
  const { help, once, adapter, database } = values;
  if (adapter !== 'express' && adapter !== 'fastify') throw new TypeError(`There is no adapter "${adapter}".`);
  if (!/^\d{1,5}$/.test(values.port)) throw new TypeError(`"${values.port}" is no port.`);
  return { help, once, adapter, database, port: Number(values.port) };
}
