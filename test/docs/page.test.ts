import { describe, expect, it } from 'vitest';
import { md } from './markdown-text.js';
import { parsePage } from './page.js';
import { format } from './problem.js';

const page = (...lines: string[]) => parsePage('p.md', md(...lines));
const problems = (...lines: string[]) => format(page(...lines).problems);

describe('splitting a page', () => {
  it('takes fences with their info string, text and line', () => {
    expect(page('# T', '', "'''ts continue", 'a;', '', 'b;', "'''", 'after').fences).toEqual([
      { info: 'ts continue', text: 'a;\n\nb;', line: 3 },
    ]);
  });

  it('keeps line numbers of the prose', () => {
    expect(page('one', "'''ts", 'x', "'''", 'five').prose.split('\n')).toEqual(['one', '', '', '', 'five']);
  });

  it('takes off the indentation of a fence in a list', () => {
    expect(page('1. Do', '', "   '''sh", '   npm test', '     deep', '', "   '''").fences[0]?.text).toBe(
      'npm test\n  deep\n',
    );
  });

  it('lets a longer fence, or one of tildes, hold a shorter one', () => {
    const texts = (...lines: string[]) => page(...lines).fences.map(({ text }) => text);
    expect(texts('````text', "'''ts", "'''", '````')).toEqual(['```ts\n```']);
    expect(texts('~~~text', "'''", '~~~')).toEqual(['```']);
  });

  it('takes three ticks within a line for code, not for a fence', () => {
    expect(page("'''ts''' is inline", "- '''ts''' is inline").fences).toEqual([]);
    expect(problems("- '''ts''' is inline")).toEqual([]);
  });

  it('reports a fence that is never closed', () => {
    expect(problems('x', "'''ts", 'a;')).toEqual(['p.md:2: The fence is never closed.']);
  });

  it('reports fences where no check would look', () => {
    expect(problems("> '''ts", '> a;', "> '''")[0]).toBe('p.md:1: Start the fence on its own line, outside quotes.');
    expect(problems("- '''ts", '  a;', "  '''")[0]).toContain('p.md:1: Start the fence on its own line');
  });

  it('reports indented code, but not the paragraphs of a list', () => {
    expect(problems('Text', '', '    const a = 1;')).toEqual([
      'p.md:3: Indented code is not checked: use a fence with a language.',
    ]);
    expect(problems('- item', '', '    more of it', '', '  - inner', '', '      more')).toEqual([]);
  });
});
