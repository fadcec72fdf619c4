import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entryPoints } from './public-surface.js';
import { ROOT } from './sources.js';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const register = pathToFileURL(join(ROOT, 'node_modules/@oxc-node/core/register.mjs')).href;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-import-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Frameworks that an entry point is for, and that are loaded before it: what they do is theirs. */
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  // Loads zod, which registers itself.
  'stageflow/mcp': ['@modelcontextprotocol/sdk/types.js'],
  'stageflow/nestjs': ['@nestjs/common', '@nestjs/core', 'rxjs'],
};

/** Everything that importing `file` does besides defining its exports. */
function effectsOfImporting(file: string, hosts: readonly string[] = []): Promise<string[]> {
  const loaded = hosts.flatMap((host) => ['--import', import.meta.resolve(host)]);
  const child = fork(join(ROOT, 'test/house/import-probe.mjs'), [pathToFileURL(file).href], {
    cwd: folder,
    execArgv: ['--conditions=stageflow-source', '--import', register, ...loaded],
    env: { PATH: process.env.PATH, HOME: folder, TMPDIR: folder, OXC_TSCONFIG_PATH: join(ROOT, 'tsconfig.json') },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const effects: string[] = [];
  child.stdout?.on('data', (text) => effects.push(`prints ${text}`));
  child.stderr?.on('data', (text) => effects.push(`prints to stderr ${text}`));
  child.on('message', (touched: string[]) => effects.push(...touched));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0) effects.push(`exits with ${code}`);
      resolve([...effects, ...readdirSync(folder).map((name) => `creates ${name}`)]);
    });
  });
}

describe('importing an entry point does nothing but define its exports', () => {
  it.each(entryPoints(manifest))('$specifier', { timeout: 60_000 }, async ({ path, specifier }) => {
    expect(await effectsOfImporting(join(ROOT, path), HOSTS[specifier])).toEqual([]);
  });
});

describe('an import that does something is reported', () => {
  it.each([
    ['a timer', 'setTimeout(() => {}, 1);', 'calls setTimeout()'],
    ['a timer left behind', 'setInterval(() => {}, 1_000_000);', 'leaves active: Timeout'],
    ['output', "process.stdout.write('hi');", 'prints hi'],
    ['a warning', "process.stderr.write('oh');", 'prints to stderr oh'],
    ['a listener', "process.on('uncaughtException', () => {});", 'listens to process: uncaughtException x1'],
    ['a global', 'globalThis.leaked = 1;', 'defines the global leaked'],
    ['a file', "(await import('node:fs')).writeFileSync('new.log', '');", 'creates new.log'],
    ['a failure', 'process.exitCode = 3;', 'exits with 3'],
  ])('%s', { timeout: 60_000 }, async (_what, source, effect) => {
    const outside = mkdtempSync(join(tmpdir(), 'stageflow-effect-'));
    try {
      writeFileSync(join(outside, 'loud.mjs'), source);
      expect(await effectsOfImporting(join(outside, 'loud.mjs'))).toContain(effect);
    } finally {
      rmSync(outside, { recursive: true, force: true });
    }
  });
});
