import { describe, expect, it } from 'vitest';
import { readBlocks } from './block.js';
import { md } from './markdown-text.js';
import { parsePage } from './page.js';
import { format } from './problem.js';
import { buildPrograms } from './programs.js';

const build = (...lines: string[]) => buildPrograms(readBlocks(parsePage('p.md', md(...lines))).blocks);
const problems = (...lines: string[]) => format(build(...lines).problems);

describe('the programs of a page', () => {
  it('are its ts fences, each for itself', () => {
    const { programs } = build("'''ts", 'a;', "'''", "'''ts", 'b;', "'''");
    expect(programs.map(({ source, line, number }) => ({ source, line, number }))).toEqual([
      { source: 'a;\nexport {};', line: 1, number: 1 },
      { source: 'b;\nexport {};', line: 4, number: 2 },
    ]);
  });

  it('hold what they continue, and know the line of each of their lines', () => {
    const { programs } = build(
      "'''ts",
      'a;',
      "'''",
      'prose',
      "'''ts continue",
      'b;',
      "'''",
      "'''ts continue",
      'c;',
      "'''",
    );
    expect(programs[2]?.source.split('\n')).toEqual([
      'a;',
      "console.log('\\u0000');",
      'b;',
      "console.log('\\u0000');",
      'c;',
      'export {};',
    ]);
    expect(programs[2]?.lines).toEqual([2, 0, 6, 0, 9, 0]);
  });

  it('end well, are only compiled, or fail, as the fence says', () => {
    const { programs } = build(
      ...["'''ts", 'a;', "'''"],
      ...["'''ts no-run='needs a server'", 'b;', "'''"],
      ...["'''ts continue", 'c;', "'''"],
      ...["'''ts fails=STAGE_TIMEOUT", 'd;', "'''"],
    );
    expect(programs.map(({ ends }) => ends)).toEqual(['well', 'unrun', 'unrun', { failsWith: 'STAGE_TIMEOUT' }]);
  });

  it('know what the page says they print', () => {
    const { programs } = build("'''ts", 'a;', "'''", 'It prints', "'''text output", 'hello', "'''");
    expect(programs[0]?.output).toEqual({ text: 'hello', line: 5 });
  });

  it('do not include fences that show a file', () => {
    const { programs, problems: found } = build(
      "'''ts file=a.ts",
      'a;',
      "'''",
      "'''text output file=a.txt",
      'x',
      "'''",
    );
    expect([programs, found]).toEqual([[], []]);
  });
});

describe('a program that cannot be built is reported', () => {
  it('when there is nothing to continue', () => {
    expect(problems("'''ts continue", 'a;', "'''")).toEqual(['p.md:1: There is no program on this page to continue.']);
    expect(problems("'''ts file=a.ts", 'a;', "'''", "'''ts continue", 'a;', "'''")).toHaveLength(1);
  });

  it('when it continues a program that fails', () => {
    expect(problems("'''ts fails=X", 'a;', "'''", "'''ts continue", 'b;', "'''")).toEqual([
      'p.md:4: A program that fails (line 1) cannot be continued.',
    ]);
  });

  it('when it should fail, but continues what is never run', () => {
    expect(problems("'''ts no-run=r", 'a;', "'''", "'''ts continue fails=X", 'b;', "'''")).toEqual([
      'p.md:4: What it continues is only compiled, never run.',
    ]);
  });

  it('when output stands after something that is not run', () => {
    const output = ["'''text output", 'x', "'''"];
    expect(problems(...output)).toEqual(['p.md:1: No program stands directly before this output.']);
    expect(problems("'''sh", 'npm test', "'''", ...output)[0]).toContain('p.md:4: No program stands directly before');
    expect(problems("'''ts", 'a;', "'''", ...output, ...output)[0]).toContain('p.md:7: No program stands directly');
    expect(problems("'''ts no-run=r", 'a;', "'''", ...output)[0]).toContain(
      'p.md:4: The fence before is only compiled',
    );
    expect(problems("'''ts file=a.ts", 'a;', "'''", ...output)[0]).toContain(
      'p.md:4: The fence before is not run here',
    );
  });
});
