import { describe, expect, it } from 'vitest';
import { FileSystem } from '../../examples/dependency-audit/services/file-system.js';
import { InstalledFolders } from '../../examples/dependency-audit/services/installed-folders.js';
import { LockfileReader } from '../../examples/dependency-audit/services/lockfile-reader.js';
import { mapConcurrently } from '../../examples/dependency-audit/services/map-concurrently.js';
import { PackageScanner } from '../../examples/dependency-audit/services/package-scanner.js';
import type { Watch } from '../../examples/dependency-audit/services/watch.js';
import { unwatched } from './audited-package.js';
import { FixtureProject } from './fixture-project.js';

const files = new FileSystem();
const reader = new LockfileReader(files);
const scanner = new PackageScanner(files, new InstalledFolders(files));

async function scanOf(project: FixtureProject) {
  return scanner.scan(await reader.read(project.folder), unwatched());
}

describe('LockfileReader', () => {
  it('reads the packages of versions 2 and 3, and leaves out the project and its workspaces', async () => {
    await using project = await FixtureProject.create({ engines: { node: '>=20' } });
    project.lock('node_modules/@scope/a', { version: '1.2.3', dev: true, license: 'MIT', deprecated: 'use b' });
    project.lock('node_modules/b/node_modules/c', { version: '2.0.0', optional: true });
    project.lock('node_modules/alias', { name: 'real', version: '3.0.0' });
    project.lock('node_modules/tool', { resolved: 'packages/tool', link: true, dev: true });
    project.lock('packages/tool', { name: '@own/tool', version: '0.1.0', license: 'ISC' });
    await project.writeLockfile();

    const { project: read, packages } = await reader.read(project.folder);
    expect(read).toMatchObject({ name: 'fixture', version: '1.0.0', nodeRange: '>=20', lockfileVersion: 3 });
    expect(packages.map(({ declaration, ...rest }) => ({ ...rest, license: declaration.license }))).toEqual([
      {
        name: '@scope/a',
        version: '1.2.3',
        location: 'node_modules/@scope/a',
        dev: true,
        optional: false,
        deprecated: 'use b',
        license: 'MIT',
      },
      expect.objectContaining({ name: 'c', version: '2.0.0', dev: false, optional: true }),
      expect.objectContaining({ name: 'real', version: '3.0.0', location: 'node_modules/alias' }),
      expect.objectContaining({ name: '@own/tool', version: '0.1.0', dev: true, license: 'ISC' }),
    ]);
  });

  it('reads the nested packages, aliases and links of version 1', async () => {
    await using project = await FixtureProject.create();
    await project.file('package-lock.json', {
      name: 'fixture',
      lockfileVersion: 1,
      dependencies: {
        a: { version: '1.0.0', dev: true, dependencies: { b: { version: '2.0.0', optional: true } } },
        '@scope/alias': { version: 'npm:@real/name@3.0.0' },
        own: { version: 'file:packages/own' },
      },
    });
    const { packages } = await reader.read(project.folder);
    expect(packages.map(({ name, version, location }) => [name, version, location])).toEqual([
      ['a', '1.0.0', 'node_modules/a'],
      ['b', '2.0.0', 'node_modules/a/node_modules/b'],
      ['@real/name', '3.0.0', 'node_modules/@scope/alias'],
      ['own', null, 'node_modules/own'],
    ]);
  });

  it('prefers npm-shrinkwrap.json, as npm does, and accepts a byte order mark', async () => {
    await using project = await FixtureProject.create();
    await project.writeLockfile();
    await project.file('npm-shrinkwrap.json', `\uFEFF${JSON.stringify({ lockfileVersion: 1 })}`);
    expect((await reader.read(project.folder)).project).toMatchObject({
      lockfile: 'npm-shrinkwrap.json',
      lockfileVersion: 1,
    });
  });

  it.each([
    ['no lockfile', {}, /has no package-lock\.json\. Run "npm install"/],
    ['the lockfile of another tool', { 'pnpm-lock.yaml': '' }, /has pnpm-lock\.yaml, but this audit reads npm's/],
    ['broken JSON', { 'package-lock.json': '{"packages": {' }, /package-lock\.json is not valid JSON/],
    ['JSON that is no object', { 'package-lock.json': '[]' }, /valid JSON, but not an object/],
    ['an object that is no lockfile', { 'package-lock.json': '{}' }, /it is not a lockfile of npm/],
  ])('says what is wrong with %s', async (_case, content, message) => {
    await using project = await FixtureProject.create();
    for (const [name, text] of Object.entries(content)) await project.file(name, text as string);
    await expect(reader.read(project.folder)).rejects.toThrow(message);
  });

  it('says that there is no such folder, also where a file is', async () => {
    await using project = await FixtureProject.create();
    await expect(reader.read(project.at('absent'))).rejects.toThrow(/There is no folder .*absent/);
    await expect(reader.read(project.at('package.json'))).rejects.toThrow(/There is no folder/);
  });
});

describe('PackageScanner', () => {
  it('audits what it cannot read as far as the lockfile knows it, and says so', async () => {
    await using project = await FixtureProject.create();
    await project.install('good');
    await project.install('broken', {}, { license: 'ISC' });
    await project.file('node_modules/broken/package.json', '{ not json');
    await project.install('list', {}, { license: 'ISC' });
    await project.file('node_modules/list/package.json', '[]');
    project.lock('node_modules/bare', { version: '1.0.0', license: '0BSD' });
    await project.file('node_modules/bare/readme.md', 'no package.json here');
    project.lock('node_modules/gone', { version: '1.0.0', license: 'Apache-2.0' });
    project.lock('node_modules/for-windows', { version: '1.0.0', optional: true });
    await project.writeLockfile();

    const { packages, notices } = await scanOf(project);
    expect(
      packages.map((each) => [each.name, each.folder !== null, each.declaration.from, each.declaration.license]),
    ).toEqual([
      ['bare', true, 'lockfile', '0BSD'],
      ['broken', true, 'lockfile', 'ISC'],
      ['for-windows', false, 'lockfile', undefined],
      ['gone', false, 'lockfile', 'Apache-2.0'],
      ['good', true, 'package.json', 'MIT'],
      ['list', true, 'lockfile', 'ISC'],
    ]);
    expect(notices).toEqual([
      { kind: 'unreadable', location: 'node_modules/bare', message: 'has no package.json' },
      {
        kind: 'unreadable',
        location: 'node_modules/broken',
        message: expect.stringMatching(/^package\.json is not valid JSON/),
      },
      { kind: 'missing', location: 'node_modules/gone', message: 'is in the lockfile, but not installed' },
      {
        kind: 'unreadable',
        location: 'node_modules/list',
        message: 'package.json is valid JSON, but not an object',
      },
    ]);
  });

  it('finds packages that the lockfile does not name, nested and scoped ones too', async () => {
    await using project = await FixtureProject.create();
    await project.install('known');
    await project.file('node_modules/known/node_modules/@s/stray/package.json', { name: '@s/stray', version: '9.0.0' });
    await project.file('node_modules/.cache/x/package.json', { name: 'not-a-package' });
    await project.file('node_modules/a-file', '');
    await project.writeLockfile();
    const { packages, notices } = await scanOf(project);
    expect(packages.map((each) => each.name)).toEqual(['known', '@s/stray']);
    expect(notices).toEqual([
      {
        kind: 'not-in-lockfile',
        location: 'node_modules/known/node_modules/@s/stray',
        message: 'is installed, but not in the lockfile',
      },
    ]);
  });

  it('follows workspaces and links, once, and survives a link to nowhere and one to its own parent', async () => {
    await using project = await FixtureProject.create();
    await project.file('packages/tool/package.json', { name: 'tool', version: '0.1.0', license: 'MIT' });
    project
      .lock('packages/tool', { version: '0.1.0' })
      .lock('node_modules/tool', { resolved: 'packages/tool', link: true });
    await project.link('node_modules/tool', project.at('packages/tool'));
    await project.link('node_modules/dangling', project.at('nowhere'));
    await project.link('node_modules/loop', project.folder);
    await project.writeLockfile();
    const { packages, notices } = await scanOf(project);
    expect(packages.map(({ name, linked, folder }) => ({ name, linked, folder }))).toEqual([
      { name: 'fixture', linked: true, folder: project.folder },
      { name: 'tool', linked: true, folder: project.at('packages/tool') },
    ]);
    expect(notices.map(({ kind, location }) => [kind, location])).toEqual([
      ['unreadable', 'node_modules/dangling'],
      ['not-in-lockfile', 'node_modules/loop'],
    ]);
  });

  it('tells when the installed version is not the locked one', async () => {
    await using project = await FixtureProject.create();
    await project.install('a', { version: '1.1.0' }, { version: '1.0.0' });
    await project.writeLockfile();
    const { packages, notices } = await scanOf(project);
    expect(packages[0]?.version).toBe('1.1.0');
    expect(notices[0]).toMatchObject({ kind: 'version-differs', message: 'is 1.1.0, but the lockfile says 1.0.0' });
  });

  it('does not read outside the project because a lockfile says so', async () => {
    await using project = await FixtureProject.create();
    await project.file('node_modules/.keep', '');
    project.lock('node_modules/../../../etc', { version: '1.0.0' });
    await project.writeLockfile();
    const { packages, notices } = await scanOf(project);
    expect(packages).toEqual([]);
    expect(notices).toEqual([expect.objectContaining({ kind: 'outside-project' })]);
  });

  it('refuses a project that is not installed, since nothing found is not nothing wrong', async () => {
    await using project = await FixtureProject.create();
    await project.lock('node_modules/a', { version: '1.0.0' }).writeLockfile();
    await expect(scanOf(project)).rejects.toThrow(/has no node_modules\. Run "npm ci"/);
  });

  it('accepts a project without dependencies', async () => {
    await using project = await FixtureProject.create();
    await project.writeLockfile();
    expect(await scanOf(project)).toEqual({ packages: [], notices: [] });
  });
});

describe('mapConcurrently', () => {
  it('keeps the order and reports each percent once', async () => {
    const seen: number[] = [];
    const watch: Watch = { signal: new AbortController().signal, progress: (fraction) => seen.push(fraction) };
    const items = Array.from({ length: 400 }, (_, i) => i);
    expect(await mapConcurrently(items, watch, async (i) => i * 2)).toEqual(items.map((i) => i * 2));
    expect(seen).toHaveLength(100);
    expect(seen.at(-1)).toBe(1);
  });

  it('rejects only when the calls it started have settled', async () => {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const seen: string[] = [];
    const mapping = mapConcurrently([0, 1], unwatched(), async (i) => {
      if (i === 1) throw new Error('second');
      await gate;
      seen.push('first settled');
    }).catch((error: Error) => seen.push(error.message));
    await new Promise(setImmediate);
    expect(seen).toEqual([]);
    open();
    await mapping;
    expect(seen).toEqual(['first settled', 'second']);
  });
});
