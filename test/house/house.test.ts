import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors/index.js';
import { importCycles, layerProblems, runtimeReach } from './layers.js';
import { identifierProblems, pathProblems } from './naming.js';
import { entryPoints, renderSurface } from './public-surface.js';
import { defaultExportProblems, enumProblems, lengthProblems, unfinishedProblems } from './shape.js';
import { parseSources } from './source-file.js';
import { filesBelow, ROOT, readSources } from './sources.js';

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const library = parseSources(readSources(['src', 'decorators']));
const everything = parseSources(readSources(['src', 'decorators', 'examples', 'test']));
const each = <F, P>(files: ReadonlyMap<string, F>, rule: (file: F) => P[]) => [...files.values()].flatMap(rule);

describe('imports', () => {
  it('go down the rows of the house, through an index, and to declared packages', () => {
    const packages = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})];
    expect(layerProblems(library, packages)).toEqual([]);
  });

  it('form no circle', () => {
    expect(importCycles(library)).toEqual([]);
  });

  it('of stageflow/core load neither the container nor what only decorators need', () => {
    expect([...library.keys()], 'src/core.ts is missing').toContain('src/core.ts');
    const heavy = /^(?:reflect-metadata|tsyringe|jose|src\/container\/.*|decorators\/.*)$/;
    const reached = [...runtimeReach('src/core.ts', library)].filter(([target]) => heavy.test(target));
    expect(reached.map(([, way]) => ['src/core.ts', ...way].join(' -> '))).toEqual([]);
  });

  it('of anything but stageflow/auth do not load jose', () => {
    const entries = entryPoints(manifest).filter(({ specifier }) => specifier !== 'stageflow/auth');
    expect(entries.filter(({ path }) => runtimeReach(path, library).has('jose'))).toEqual([]);
  });
});

describe('names', () => {
  it('of files and folders are kebab-case and say something', () => {
    const paths = ['src', 'decorators', 'examples', 'test'].flatMap(filesBelow);
    expect(pathProblems(paths.filter((path) => /\.[cm]?tsx?$/.test(path)))).toEqual([]);
  });

  it('of everything else say something', () => {
    expect(each(everything, identifierProblems)).toEqual([]);
  });
});

describe('files', () => {
  it('hold one idea: at most 250 lines', () => {
    expect(each(parseSources(readSources(['src', 'decorators', 'examples'])), lengthProblems)).toEqual([]);
  });

  it('declare no enum', () => {
    expect(each(everything, enumProblems)).toEqual([]);
  });

  it('of the library have no default export', () => {
    expect(each(library, defaultExportProblems)).toEqual([]);
  });

  it('are finished', () => {
    const texts = [...readSources(['src', 'decorators', 'examples', 'test'])];
    expect(texts.flatMap(([path, text]) => unfinishedProblems(path, text))).toEqual([]);
  });
});

describe('the public surface', () => {
  const entries = entryPoints(manifest);

  /** `npx vitest run test/house -u` accepts a deliberate change. */
  it('is the one that was agreed on', async () => {
    expect(entries.filter(({ path }) => !library.has(path))).toEqual([]);
    await expect(renderSurface(entries, library)).toMatchFileSnapshot('public-surface.txt');
  });
});

it('every error code is named by a test', () => {
  const tests = [...readSources(['test'])].filter(([path]) => !/^test\/(?:house|docs)\//.test(path));
  const named = new Set(tests.flatMap(([, text]) => text.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? []));
  expect(Object.keys(ERROR_CODES).filter((code) => !named.has(code))).toEqual([]);
});
