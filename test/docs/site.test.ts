import { describe, expect, it } from 'vitest';
import { md } from './markdown-text.js';
import { format } from './problem.js';
import { inMemory } from './repository.js';
import { checkPage } from './site.js';

const repository = inMemory({
  'package.json': JSON.stringify({ scripts: { test: 'x', check: 'x' }, bin: { stageflow: 'dist/cli.js' } }),
  'examples/run.ts': '',
  'examples/a.ts': '// a comment\n// #region wiring\n  const a = 1;\n\n    const b = 2;\n// #endregion\nexport {};\n',
  'docs/README.md': '',
});
const problems = (...lines: string[]) => format(checkPage('docs/p.md', md(...lines), repository).problems);
const fence = (info: string, ...lines: string[]) => problems(`'''${info}`, ...lines, "'''");

describe('a fence that shows a file', () => {
  it('equals the file, whatever its region marks', () => {
    const text = ['// a comment', '  const a = 1;', '', '    const b = 2;', 'export {};'];
    expect(fence('ts file=examples/a.ts', ...text)).toEqual([]);
  });

  it('equals the region, whatever its indentation', () => {
    expect(fence('ts file=examples/a.ts#wiring', 'const a = 1;', '', '  const b = 2;')).toEqual([]);
  });

  it('is reported where it differs, is too short or too long', () => {
    const start = 'docs/p.md:1: Differs from examples/a.ts#wiring at line';
    expect(fence('ts file=examples/a.ts#wiring', 'const a = 2;', '', '  const b = 2;')).toEqual([
      `${start} 1 of the block: the file has "const a = 1;", the page "const a = 2;".`,
    ]);
    expect(fence('ts file=examples/a.ts#wiring', 'const a = 1;')[0]).toContain(`${start} 2`);
    expect(fence('ts file=examples/a.ts#wiring', 'const a = 1;', '', '  const b = 2;', 'c;')[0]).toContain(
      `${start} 4`,
    );
  });

  it('is reported when there is no such file or region', () => {
    expect(fence('ts file=examples/b.ts', 'x')).toEqual(['docs/p.md:1: There is no file "examples/b.ts".']);
    expect(fence('ts file=examples/a.ts#x', 'x')[0]).toContain('"examples/a.ts" has no region "x"');
  });
});

describe('a json fence', () => {
  it('parses, with comments only as jsonc', () => {
    expect(fence('json', '{ "a": [1] }')).toEqual([]);
    expect(fence('jsonc', '{ // why', ' "u": "http://x", /* b */ "a": [1,], }')).toEqual([]);
  });

  it('is reported when it does not parse', () => {
    expect(fence('json', '{ // why', '}')[0]).toContain('docs/p.md:1: Not JSON: ');
    expect(fence('jsonc', '{ "a": ,, }')[0]).toContain('docs/p.md:1: Not JSON: ');
  });
});

describe('a sh fence', () => {
  it.each([
    ['npm ci && npm test # all of it'],
    ['npm install stageflow reflect-metadata'],
    ['npm run --silent check -- --fast'],
    ['npx stageflow --help'],
    ['node --conditions=stageflow-source --import @oxc-node/core/register examples/run.ts simple'],
    ['$ DEBUG=1 node --version'],
    ['cd examples && node run.ts'],
  ])('holds commands that a reader can run: %s', (command) => {
    expect(fence('sh', command)).toEqual([]);
  });

  it('may clone the repository and enter it, over several lines', () => {
    const clone = 'git clone https://example.com/acme/stageflow.git';
    expect(fence('sh', `${clone} && \\`, '  cd stageflow', 'node examples/run.ts')).toEqual([]);
    expect(fence('sh', `${clone} here`, 'cd here')).toEqual([]);
  });

  it('may name files of somewhere else when it says where', () => {
    expect(fence('sh elsewhere="in your project"', 'cd mine', 'node main.ts', 'npm run build')).toEqual([]);
    expect(fence('sh elsewhere="in your project"', 'curl x')).toHaveLength(1);
  });

  it.each([
    ['npm run nothing', 'package.json has no script "nothing".'],
    ['npm run constructor', 'package.json has no script "constructor".'],
    ['npm publish', '"npm publish" is not a command of these pages: run, test, ci or install.'],
    ['npx cowsay', '"npx cowsay" is not a command of these pages: only npx stageflow.'],
    ['node examples/gone.ts', 'There is no "examples/gone.ts" here.'],
    ['node --import x', 'node is given no file.'],
    ['cd nowhere', 'There is no folder "nowhere" here.'],
    ['cd ..', 'There is no folder ".." here.'],
    ['git clone nothing', '"nothing" is not an address to clone from.'],
    ['git push', '"git" is not a command of these pages: npm, npx stageflow, node, git clone or cd.'],
    ['npm ci && rm -rf x', '"rm" is not a command of these pages: npm, npx stageflow, node, git clone or cd.'],
  ])('is reported with its line when a reader cannot run it: %s', (command, message) => {
    expect(fence('sh', 'npm ci', command)).toEqual([`docs/p.md:3: ${message}`]);
  });

  it('is reported when package.json has no bin for npx', () => {
    const bare = inMemory({ 'package.json': '{}' });
    const page = checkPage('p.md', md("'''sh", 'npx stageflow', "'''"), bare);
    expect(format(page.problems)).toEqual(['p.md:2: package.json has no bin "stageflow".']);
  });
});

it('collects the problems of every check, in page order', () => {
  const found = problems('[x](gone.md)', "'''", "'''", "'''ts continue", "'''", "'''json", '{', "'''", "'''ts");
  expect(found.map((line) => line.split(':')[1])).toEqual(['1', '2', '4', '6', '9']);
});
