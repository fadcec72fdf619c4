import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliIo } from '../../src/cli/cli-io.js';
import { defineConfig } from '../../src/cli/config/index.js';
import { loadModule } from '../../src/cli/loading/load-module.js';
import { pickTarget } from '../../src/cli/loading/target.js';
import { registerTypeScript } from '../../src/cli/loading/typescript-files.js';
import { jsonText } from '../../src/cli/output/json-text.js';
import { otherCopy } from '../../src/cli/own-package.js';
import { Pipeline } from '../../src/pipeline/index.js';
import { cli, FIXTURES, jsonOf } from './cli-in-process.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stageflow-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('the command line', () => {
  it('tells its version and its commands', async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    const { code, stdout } = await cli(['--help']);
    expect(code).toBe(0);
    for (const name of ['check', 'graph', 'run', 'runs', 'replay', 'resume', 'approvals', 'contracts']) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
    }
  });

  it.each([
    [[], ''],
    [['chek', 'crawl.ts'], 'Did you mean check?'],
    [['check'], "missing required argument 'module'"],
    [['check', 'crawl.ts', '--strct'], 'Did you mean --strict?'],
    [['check', 'crawl.ts', '--format', 'xml'], 'There is no format xml.'],
    [['graph', 'crawl.ts', '--format', 'toString'], 'There is no format toString.'],
    [['check', 'no-such.ts'], 'There is no file no-such.ts.'],
    [['check', 'crawl.ts', '--config', 'no-such.ts'], 'There is no configuration no-such.ts.'],
    [['runs', 'list', '--status', 'fine'], 'Give open, completed, failed, cancelled.'],
  ])('ends with 2 and says why for %j', async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('tells programs of mistakes in JSON, too', async () => {
    expect(jsonOf(await cli(['check', 'no-such.ts', '--json']))).toMatchObject({
      ok: false,
      error: { code: 'CLI_USAGE', message: 'There is no file no-such.ts.', docs: 'docs/errors.md#cli_usage' },
    });
    expect(jsonOf(await cli(['check', '--json', '--wrong'])).error.code).toBe('CLI_USAGE');
  });
});

describe('--json', () => {
  it.each([
    [['graph', 'no-such.ts']],
    [['run', 'no-such.ts']],
    [['replay', 'no-such.ts', 'r']],
    [['resume', 'no-such.ts', 'r']],
    [['runs', 'list', '--no-config']],
    [['runs', 'show', 'r', '--no-config']],
    [['approvals', 'list', '--no-config']],
    [['approvals', 'approve', 'a', '--no-config']],
    [['approvals', 'deny', 'a', '--reason', 'no', '--no-config']],
    [['contracts', 'list', 'no-such.ts']],
    [['contracts', 'diff', 'no-such.ts', 'no-such.ts']],
  ])('makes one JSON value of what went wrong in %j', async (args) => {
    const failed = await cli([...args, '--json']);
    expect([failed.code, jsonOf(failed).ok, typeof jsonOf(failed).error.fix]).toEqual([2, false, 'string']);
  });
});

describe('the module that is named', () => {
  it.each([
    ['crawl.ts#Nothing', 'has no export Nothing. It exports Crawl, Fetch, Http, Parse, Send.'],
    ['crawl.ts#Http', 'Export Http of'],
    ['slow.ts', 'exports 6 things that can be run: deaf, dying, failing, slow, stopping, stray.'],
    ['watched.config.ts', 'Export default of'],
  ])('%s is refused with CLI_EXPORT_UNKNOWN', async (module, message) => {
    const refused = await cli(['check', module, '--no-config', '--json']);
    expect([refused.code, jsonOf(refused).error.code]).toEqual([2, 'CLI_EXPORT_UNKNOWN']);
    expect(jsonOf(refused).error.message).toContain(message);
  });

  it('is about its default export, or about the only one that fits', () => {
    const one = new Pipeline('one');
    const two = new Pipeline('two');
    const pick = (exports: Record<string, unknown>) => pickTarget({ file: 'a.ts', exported: null, exports }, null).name;
    expect(pick({ default: one, two })).toBe('default');
    expect(pick({ unrelated: 1, two })).toBe('two');
    expect(pick({ default: { two }, two })).toBe('two');
    expect(pick({ one, again: one })).toBe('one');
  });

  it('may be compiled to CommonJS', async () => {
    const exports = { __esModule: true, crawl: new Pipeline('crawl') };
    const io = { importModule: async () => ({ default: exports, crawl: exports.crawl }) } as unknown as CliIo;
    const module = await loadModule(io, { file: 'a.cjs', exported: null });
    expect(pickTarget(module, null).value).toBe(exports.crawl);
  });

  it('that throws while it is loaded is refused with CLI_MODULE_FAILED', async () => {
    const path = file('throws.mjs', "throw new TypeError('no url');");
    const refused = await cli(['check', path, '--no-config', '--json']);
    expect([refused.code, jsonOf(refused).error.code]).toEqual([2, 'CLI_MODULE_FAILED']);
    expect(refused.stderr).toContain('throws.mjs could not be loaded: TypeError: no url.');
  });

  it('may be named with its export in one word, or by --export', async () => {
    expect((await cli(['graph', 'slow.ts#deaf', '--no-config'])).stdout).toContain('pipeline deaf');
    expect((await cli(['graph', 'slow.ts', '--export', 'slow', '--no-config'])).stdout).toContain('pipeline slow');
  });

  it('is refused with CLI_NO_TYPESCRIPT if it is TypeScript and nothing can load that', async () => {
    await expect(registerTypeScript(file('app.ts', ''), ['/any.js'])).rejects.toMatchObject({
      code: 'CLI_NO_TYPESCRIPT',
      details: { file: join(folder, 'app.ts') },
    });
  });
});

describe('the configuration', () => {
  it.each([
    ['export default 1', 'has no configuration as its default export.'],
    ['export default { jurnal: 1 }', 'configures jurnal, which nothing knows.'],
  ])('%s is refused with CLI_CONFIG_INVALID', async (text, message) => {
    const config = file(`config-${message.length}.mjs`, text);
    const refused = await cli(['check', 'crawl.ts', '--config', config, '--json']);
    expect([refused.code, jsonOf(refused).error.code]).toEqual([2, 'CLI_CONFIG_INVALID']);
    expect(jsonOf(refused).error.message).toContain(message);
  });

  it('that breaks is a fault, which is not taken for a failed run', async () => {
    const config = file('breaks.mjs', "export default { journal: () => { throw new Error('no disk') } }");
    const { code, stderr } = await cli(['runs', 'list', '--config', config]);
    expect([code, stderr]).toEqual([70, 'error: Error: no disk\n']);
  });

  it('may leave the journal to the options of the program', async () => {
    const config = join(FIXTURES, 'app-journal.config.ts');
    const { code, stderr } = await cli(['runs', 'list', '--config', config]);
    expect([code, stderr]).toEqual([0, 'No runs.\n']);
  });

  it('is what defineConfig is given', () => {
    const config = {};
    expect(defineConfig(config)).toBe(config);
  });
});

it('results that JSON cannot say are told all the same', () => {
  const circle: Record<string, unknown> = { big: 1n, map: new Map([[1, new Set(['a'])]]), bytes: new Uint8Array(3) };
  circle.self = circle;
  circle.at = new Date(0);
  expect(JSON.parse(jsonText(circle))).toEqual({
    big: '1',
    map: { 1: ['a'] },
    bytes: '[3 bytes]',
    self: '[circular]',
    at: '1970-01-01T00:00:00.000Z',
  });
});

it('a project with a stageflow of its own is served by that one', () => {
  const own = { root: '/elsewhere', version: '1.0.0', bin: null };
  const other = otherCopy(import.meta.dirname, [], own);
  expect(other?.bin).toMatch(/dist[/\\]cli\.js$/);
  expect(otherCopy('/', ['check', `${join(FIXTURES, 'crawl.ts')}#Crawl`], own)).toEqual(other);
  expect(otherCopy(import.meta.dirname, [], { ...own, root: other!.root })).toBeNull();
  expect(otherCopy('/', ['check', 'no-such.ts'], own)).toBeNull();
});
