import { describe, expect, it } from 'vitest';
import { DuplicateFinder } from '../../examples/dependency-audit/services/duplicate-finder.js';
import { EngineChecker } from '../../examples/dependency-audit/services/engine-checker.js';
import { FileSystem } from '../../examples/dependency-audit/services/file-system.js';
import { formatBytes } from '../../examples/dependency-audit/services/format-bytes.js';
import { SizeMeter } from '../../examples/dependency-audit/services/size-meter.js';
import { auditedPackage } from './audited-package.js';
import { FixtureProject } from './fixture-project.js';

describe('SizeMeter', () => {
  it('counts the files of one package, and neither nested packages nor links', async () => {
    await using project = await FixtureProject.create();
    await project.file('p/a.js', '12345');
    await project.file('p/lib/b.js', '123');
    await project.file('p/node_modules/other/big.js', '1'.repeat(1000));
    await project.link('p/up', project.folder);
    const signal = new AbortController().signal;
    expect(await new SizeMeter(new FileSystem()).measure(project.at('p'), signal)).toEqual({ files: 2, bytes: 8 });
  });

  it('stops when told to', async () => {
    await expect(new SizeMeter(new FileSystem()).measure('/', AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1536, '1.5 kB'],
    [999_960, '1.0 MB'],
    [2_500_000_000, '2.5 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('DuplicateFinder', () => {
  it('lists packages with several versions, oldest first, and ignores copies and what is not installed', () => {
    const at = (name: string, version: string | null, location: string, folder: string | null = '/x') =>
      auditedPackage({ name, version, location, folder });
    const found = new DuplicateFinder().find([
      at('b', '10.0.0', 'node_modules/b'),
      at('b', '9.0.0', 'node_modules/a/node_modules/b'),
      at('b', '9.0.0', 'node_modules/c/node_modules/b'),
      at('same', '1.0.0', 'node_modules/same'),
      at('same', '1.0.0', 'node_modules/a/node_modules/same'),
      at('gone', '1.0.0', 'node_modules/gone'),
      at('gone', '2.0.0', 'node_modules/a/node_modules/gone', null),
      at('odd', 'not-a-version', 'node_modules/odd'),
      at('odd', null, 'node_modules/a/node_modules/odd'),
    ]);
    expect(found).toEqual([
      {
        name: 'b',
        versions: [
          { version: '9.0.0', locations: ['node_modules/a/node_modules/b', 'node_modules/c/node_modules/b'] },
          { version: '10.0.0', locations: ['node_modules/b'] },
        ],
      },
    ]);
  });
});

describe('EngineChecker', () => {
  const checker = new EngineChecker('20.19.0');
  const problemOf = (engines: unknown, promised: string | null = null, dev = false) =>
    checker.check([auditedPackage({ engines, dev })], promised)[0]?.problem ?? null;

  it.each([
    [{ node: '>=18' }, null],
    [{ npm: '>=9' }, null],
    [undefined, null],
    [['node >=0.8', 'rhino'], null],
    [{ node: '>=22' }, 'not-this-node'],
    [['node >= 22'], 'not-this-node'],
    [{ node: 'the newest' }, 'unreadable-range'],
  ])('given engines %j: %s', (engines, problem) => {
    expect(problemOf(engines)).toBe(problem);
  });

  it('compares with every Node the project promises, except for development packages', () => {
    expect(problemOf({ node: '^20.19 || >=22.12' }, '>=20.19')).toBe('not-all-promised-nodes');
    expect(problemOf({ node: '>=20' }, '>=20.19')).toBeNull();
    expect(problemOf({ node: '^20.19 || >=22.12' }, '>=20.19', true)).toBeNull();
    expect(problemOf({ node: '>=20' }, 'some node')).toBeNull();
  });
});
