import { describe, expect, it } from 'vitest';
import { readBlocks } from './block.js';
import { md } from './markdown-text.js';
import { parsePage } from './page.js';
import { format } from './problem.js';

const read = (info: string) => readBlocks(parsePage('p.md', md(`'''${info}`, 'x', "'''")));
const problems = (info: string) => format(read(info).problems).map((line) => line.replace('p.md:1: ', ''));

describe('the info string of a fence', () => {
  it('names a language and attributes, quoted or not', () => {
    const [block] = read('ts no-run="needs a server"').blocks;
    expect(block?.language).toBe('ts');
    expect(block?.attributes).toEqual(new Map([['no-run', 'needs a server']]));
    expect(read('ts file=examples/a.ts#region').blocks[0]?.attributes.get('file')).toBe('examples/a.ts#region');
    expect(read("ts fails='A B'").blocks[0]?.attributes.get('fails')).toBe('A B');
  });

  it.each(['text', 'json', 'jsonc', 'sh', 'mermaid', 'diff', 'http', 'dot', 'ts'])('may be %s', (language) => {
    expect(problems(language)).toEqual([]);
  });

  it('is reported without a language, or with one that no check knows', () => {
    expect(problems('')[0]).toMatch(/^The fence names no language\. Use one of: ts, /);
    expect(problems('typescript')[0]).toMatch(/^"typescript" is not a language of these pages/);
    expect(problems('constructor')[0]).toMatch(/^"constructor" is not a language/);
  });

  it('is reported with an attribute that means nothing there', () => {
    expect(problems('ts norun="x"')).toEqual([
      '"norun" means nothing on a ts fence. Known here: continue, file, no-run, fails.',
    ]);
    expect(problems('http continue')).toEqual(['"continue" means nothing on a http fence. Known here: none.']);
  });

  it('is reported when a value is missing or too much', () => {
    expect(problems('ts no-run')).toEqual(['"no-run" needs a value: no-run="the reason".']);
    expect(problems('ts no-run=""')).toEqual(['"no-run" needs a value: no-run="the reason".']);
    expect(problems('ts no-run="open')).toEqual(['"no-run" needs a value: no-run="the reason".']);
    expect(problems('ts fails')).toEqual(['"fails" needs a value: fails="text of the error".']);
    expect(problems('ts continue=yes')).toEqual(['"continue" takes no value.']);
  });

  it('is reported when attributes contradict each other', () => {
    expect(problems('ts no-run="r" fails="x"')).toEqual(['"no-run" and "fails" exclude each other.']);
    expect(problems('ts file=a.ts continue')).toEqual(['"file" and "continue" exclude each other.']);
  });

  it('leaves out the block that is wrong', () => {
    expect(read('typescript').blocks).toEqual([]);
  });
});
