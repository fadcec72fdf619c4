import { describe, expect, it } from 'vitest';
import { importCycles, layerProblems, runtimeReach } from './layers.js';
import { identifierProblems, pathProblems, wordsOf } from './naming.js';
import { entryPoints, exportedNames, renderSurface } from './public-surface.js';
import { defaultExportProblems, enumProblems, lengthProblems, unfinishedProblems } from './shape.js';
import { parseSource, parseSources } from './source-file.js';

const parse = (files: Record<string, string>) => parseSources(new Map(Object.entries(files)));
const layers = (files: Record<string, string>) => layerProblems(parse(files), ['tsyringe', '@acme/clock']);

describe('the rule on rows', () => {
  it('accepts imports of lower rows through their index, of the own folder, of node and of declared packages', () => {
    const text = [
      "import type { E } from '../errors/index.js';",
      "import { near } from './deep/near.js';",
      "import { join } from 'node:path';",
      "import { container } from 'tsyringe';",
      "import { now } from '@acme/clock/now';",
    ].join('\n');
    expect(layers({ 'src/run/a.ts': text })).toEqual([]);
    expect(layers({ 'src/run/deep/b.ts': "export * from '../../graph/index.js'; export * from '../a.js';" })).toEqual(
      [],
    );
  });

  it.each([
    ['up', "import { x } from '../container/index.js';", 'src/run may not import src/container.'],
    ['for a type only', "import type { X } from '../container/index.js';", 'src/run may not import src/container.'],
    ['within a type', "type X = import('../container/index.js').X;", 'src/run may not import src/container.'],
    ['lazily', "await import('../container/index.js');", 'src/run may not import src/container.'],
    ['by re-export', "export * from '../container/index.js';", 'src/run may not import src/container.'],
    ['past an index', "import { x } from '../graph/plan.js';", 'imports src/graph/plan.ts past src/graph/index.js.'],
    ['of decorators', "import { x } from '../../decorators/index.js';", 'src/run may not import decorators.'],
    ['of a barrel', "import { x } from '../index.js';", 'src/run may not import src/index.ts.'],
    [
      'of strangers',
      "import { x } from '../misplaced/index.js';",
      'imports src/misplaced/index.ts, which belongs to no row',
    ],
    ['of packages', "import { x } from '@acme/other';", 'imports "@acme/other", which package.json does not declare.'],
    [
      'of itself by name',
      "import { x } from 'stageflow';",
      'imports "stageflow", which package.json does not declare.',
    ],
  ])('reports imports %s', (_what, text, message) => {
    expect(layers({ 'src/run/a.ts': `\n${text}` })[0]).toContain(`src/run/a.ts:2: ${message}`);
  });

  it('reports imports of a sibling in the same row', () => {
    const text = "import { x } from '../tools/index.js';";
    expect(layers({ 'src/metadata/a.ts': text })).toEqual([
      'src/metadata/a.ts:1: src/metadata may not import src/tools.',
    ]);
  });

  it('lets decorators see metadata and what metadata sees, and nothing above', () => {
    const from = (path: string) => layers({ 'decorators/stage.ts': `import { x } from '../src/${path}/index.js';` });
    for (const path of ['errors', 'stage', 'metadata', 'tools']) expect(from(path)).toEqual([]);
    for (const path of ['graph', 'run', 'pipeline', 'container']) expect(from(path)).toHaveLength(1);
  });

  it('lets the barrels see everything, through its index', () => {
    const text = "export * from './container/index.js'; export * from '../decorators/index.js';";
    expect(layers({ 'src/index.ts': text })).toEqual([]);
    expect(layers({ 'src/index.ts': "export * from './run/run.js';" })).toHaveLength(1);
  });

  it('reports a file outside of the rows', () => {
    expect(layers({ 'src/loose.ts': '' })).toEqual(['src/loose.ts: belongs to no row of the house.']);
    expect(layers({ 'src/other/index.ts': '' })).toHaveLength(1);
  });
});

describe('the rule on circles', () => {
  it('names the path of each, type-only imports included', () => {
    const files = parse({
      'src/run/a.ts': "import './b.js';",
      'src/run/b.ts': "import type { C } from './c.js'; import './leaf.js';",
      'src/run/c.ts': "export * from './a.js';",
      'src/run/leaf.ts': '',
      'src/run/self.ts': "import './self.js';",
      'src/run/user.ts': "import './a.js';",
    });
    expect(importCycles(files)).toEqual([
      'src/run/a.ts -> src/run/b.ts -> src/run/c.ts -> src/run/a.ts',
      'src/run/self.ts -> src/run/self.ts',
    ]);
  });
});

describe('the rule on what an entry point loads', () => {
  it('follows what is loaded and not what is erased', () => {
    const files = parse({
      'src/core.ts': "export * from './graph/index.js'; import type { T } from './container/index.js';",
      'src/graph/index.ts': "import { type M } from '../metadata/index.js';",
      'src/metadata/index.ts': "import 'reflect-metadata';",
      'src/container/index.ts': "import 'tsyringe';",
    });
    const reach = runtimeReach('src/core.ts', files);
    expect(reach.get('reflect-metadata')).toEqual(['src/graph/index.ts', 'src/metadata/index.ts', 'reflect-metadata']);
    expect(reach.has('tsyringe')).toBe(false);
  });
});

describe('the rules on names', () => {
  it('reports files and folders that are not kebab-case', () => {
    expect(pathProblems(['src/run/stage-run.ts', 'test/types/a.test.ts', 'src/index.d.ts'])).toEqual([]);
    for (const path of ['src/run/stageRun.ts', 'src/Run/a.ts', 'src/run/stage_run.ts']) {
      expect(pathProblems([path])).toEqual([`${path}: is not in kebab-case.`]);
    }
  });

  it('reports banned words in paths', () => {
    expect(pathProblems(['src/utils/a.ts'])).toEqual(['src/utils/a.ts: "utils" is a banned word.']);
    expect(pathProblems(['src/run/run-manager.ts'])).toHaveLength(1);
    expect(pathProblems(['src/run/utility.ts', 'src/run/newest.ts'])).toEqual([]);
  });

  it('reports banned words in identifiers, as whole words', () => {
    const text = 'class StageManager { #runHelper = 1; commonPlace() {} }\nconst UTIL_SIZE = 1, StageV2 = 2;';
    expect(identifierProblems(parseSource('a.ts', text)).map((line) => line.replace(/ holds.*/, ''))).toEqual([
      'a.ts:1: "StageManager"',
      'a.ts:1: "runHelper"',
      'a.ts:1: "commonPlace"',
      'a.ts:2: "UTIL_SIZE"',
      'a.ts:2: "StageV2"',
    ]);
    const fine =
      "import { inspect } from 'node:util'; const renewed = new Map(), uncommon = 'Helper', implicit = 1; class A { constructor() { new.target; } }";
    expect(identifierProblems(parseSource('a.ts', fine))).toEqual([]);
  });

  it('splits names into words', () => {
    expect(wordsOf('HTTPClientV2')).toEqual(['HTTP', 'Client', 'V2']);
    expect(wordsOf('uuidv7')).toEqual(['uuidv7']);
    expect(wordsOf('MAX_RETRY_COUNT')).toEqual(['MAX', 'RETRY', 'COUNT']);
  });
});

describe('the rules on files', () => {
  it('report enums and default exports with their line', () => {
    const file = parseSource('a.ts', '\nexport enum A { x }\nconst enum B { y }\nexport default class {}');
    expect(enumProblems(file)).toEqual(['a.ts:2: declares an enum.', 'a.ts:3: declares an enum.']);
    expect(defaultExportProblems(file)).toEqual(['a.ts:4: has a default export.']);
    expect(defaultExportProblems(parseSource('a.ts', 'const a = 1; export { a as default };'))).toHaveLength(1);
  });

  it('report more than 250 lines', () => {
    const lines = (count: number) => parseSource('a.ts', '// x\n'.repeat(count));
    expect(lengthProblems(lines(250))).toEqual([]);
    expect(lengthProblems(lines(251))).toEqual(['a.ts: has 251 lines, more than 250.']);
  });

  it('report what is left to do', () => {
    const words = ['TO', 'FIX'].map((start, index) => start + ['DO', 'ME'][index]);
    for (const word of words) expect(unfinishedProblems('a.ts', `\n// ${word}: x`)).toEqual([`a.ts:2: says ${word}.`]);
    expect(unfinishedProblems('a.ts', 'const todo = 1; // mastodon')).toEqual([]);
  });

  it('report a file that does not parse', () => {
    expect(() => parseSource('a.ts', 'const = ;')).toThrow(/^a\.ts does not parse: /);
  });
});

describe('the public surface', () => {
  const files = parse({
    'src/index.ts': "export * from './run/index.js'; export { x as renamed, type T } from './x.js';",
    'src/run/index.ts': "export * from './a.js'; export * from '../index.js'; export default 1;",
    'src/run/a.ts': 'export const a = 1; export interface I {} export function f() {} const hidden = 1;',
    'src/gap.ts': "export * from './gone.js';",
  });

  it('is every name of an entry point, types included, through export *', () => {
    expect(exportedNames('src/index.ts', files)).toEqual(['I', 'T', 'a', 'f', 'renamed']);
    expect(exportedNames('src/run/index.ts', files)).toContain('default');
  });

  it('cannot be told when a source is missing', () => {
    expect(() => exportedNames('src/gap.ts', files)).toThrow('src/gap.ts exports everything of src/gone.ts');
  });

  it('comes from the exports of package.json', () => {
    const entries = entryPoints({
      name: 'stageflow',
      exports: { '.': { 'stageflow-source': './src/index.ts' }, './package.json': './package.json' },
    });
    expect(renderSurface(entries, files)).toBe('stageflow\n  I\n  T\n  a\n  f\n  renamed\n');
  });
});
