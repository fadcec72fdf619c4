import { describe, expect, it } from 'vitest';
import { checkErrorHeadings, checkLinks, findUnreachable } from './links.js';
import { parsePage } from './page.js';
import { format } from './problem.js';
import { findAnchors } from './prose.js';
import { inMemory } from './repository.js';

const repository = inMemory({
  'README.md': '# Home\n',
  LICENSE: 'MIT',
  'docs/guide.md': '# Guide\n\n## First step\n\n```text\n## Not a heading\n```\n<a id="here"></a>\n',
  'docs/decisions/README.md': '# Decisions',
  'src/index.ts': '',
  'dist/index.js': '',
});
const problems = (...lines: string[]) => format(checkLinks(parsePage('docs/p.md', lines.join('\n')), repository));

describe('a link that holds', () => {
  it.each([
    '[a](guide.md)',
    '[a](./guide.md "Title")',
    '[a](guide.md#first-step)',
    '[a](guide.md#here)',
    '[a](../README.md#home)',
    '[a](decisions/)',
    '[a](<guide.md>)',
    '[a][g] and [g][]\n\n[g]: guide.md',
    '[![badge](../LICENSE)](https://example.com/a_(b))',
    '<a href="../LICENSE">a</a>',
    '[line](../src/index.ts#L3)',
    '# Own heading\n\n[a](#own-heading)',
    '[mail](mailto:a@example.com) <https://example.com>',
    '`[a](gone.md)` and ``x ` [a](gone.md)``',
    '<!-- [a](gone.md) -->',
    '[two\nlines](guide.md)',
  ])('%s', (text) => {
    expect(problems(text)).toEqual([]);
  });
});

describe('a link that does not hold is reported', () => {
  it.each([
    ['[a](gone.md)', '"gone.md" leads to "docs/gone.md", which does not exist.'],
    ['![a](gone.png)', '"gone.png" leads to "docs/gone.png", which does not exist.'],
    ['[![b](gone.png)](guide.md)', '"gone.png" leads to "docs/gone.png", which does not exist.'],
    ['[g]: gone.md', '"gone.md" leads to "docs/gone.md", which does not exist.'],
    ['<img alt="x" src="gone.png">', '"gone.png" leads to "docs/gone.png", which does not exist.'],
    ['[a](guide.md#second-step)', '"docs/guide.md" has no heading for "#second-step".'],
    ['[a](guide.md#not-a-heading)', '"docs/guide.md" has no heading for "#not-a-heading".'],
    ['[a](decisions#x)', '"docs/decisions" is a folder and has no "#x".'],
    ['[a](../src/index.ts#main)', '"#main" is not a line of "src/index.ts", like #L10.'],
    ['[a](../../other/x.md)', '"../../other/x.md" leads out of the repository.'],
    ['[a](/srv/x.md)', '"/srv/x.md" leads to one machine only: link relative to this page.'],
    ['[a](file:///srv/x.md)', '"file:///srv/x.md" leads to one machine only: link relative to this page.'],
    ['[a](C:\\x.md)', '"C:\\x.md" leads to one machine only: link relative to this page.'],
    ['[a](../dist/index.js)', '"../dist/index.js" is not in a fresh clone.'],
    ['[a](https://)', '"https://" is not an address.'],
    ['[a]()', 'The link has no target.'],
    ['[a](two words.md)', '"(two words.md)" looks like a link, but is none.'],
    ['[a][nowhere]', '"[a][nowhere]" looks like a link, but is none.'],
  ])('%s', (text, message) => {
    expect(problems('', text)).toEqual([`docs/p.md:2: ${message}`]);
  });
});

describe('the fragments of headings', () => {
  it('follow the rules of GitHub', () => {
    const text = [
      '# `StageContext<D>` & co.',
      '## A _short_ snake_case **word**',
      '## Same',
      '## Same',
      '## Same-1',
      '## [Linked](x.md) text ##',
      'Über alles',
      '==========',
      '### What? Why! 1.2',
    ];
    expect([...findAnchors(text.join('\n'))]).toEqual([
      'stagecontextd--co',
      'a-short-snake_case-word',
      'same',
      'same-1',
      'same-1-1',
      'linked-text',
      'über-alles',
      'what-why-12',
    ]);
  });
});

describe('a page that nobody links to', () => {
  const pages = (files: Record<string, string>) => Object.entries(files).map(([path, text]) => parsePage(path, text));

  it('is reported', () => {
    const found = findUnreachable(
      pages({
        'README.md': '[guide](docs/guide.md)',
        'docs/guide.md': '[all decisions](decisions/)',
        'docs/decisions/README.md': '[1](0001.md)',
        'docs/decisions/0001.md': '',
        'docs/lost.md': '[also lost](lost-too.md)',
        'docs/lost-too.md': '[lost](lost.md)',
      }),
      ['README.md', 'docs/README.md'],
    );
    const message = 'No page reachable from README.md or docs/README.md links here.';
    expect(format(found)).toEqual([`docs/lost-too.md:1: ${message}`, `docs/lost.md:1: ${message}`]);
  });
});

describe('the error page', () => {
  const check = (text: string) =>
    format(checkErrorHeadings(parsePage('e.md', text), ['STAGE_FAILED', 'RUN_CANCELLED']));

  it('has a heading for each code', () => {
    expect(check('# Errors\n\n## A run\n\n### `STAGE_FAILED`\n\n### RUN_CANCELLED\n')).toEqual([]);
  });

  it('is reported with a code too few, too many, or twice', () => {
    expect(check('### STAGE_FAILED\n### STAGE_FAILED\n### STAGE_GONE')).toEqual([
      'e.md:1: No heading for the error code RUN_CANCELLED.',
      'e.md:2: STAGE_FAILED has a heading already.',
      'e.md:3: There is no error code STAGE_GONE.',
    ]);
  });
});
