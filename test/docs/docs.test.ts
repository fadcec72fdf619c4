import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/errors/index.js';
import { checkErrorHeadings, findUnreachable } from './links.js';
import { format } from './problem.js';
import { checkout } from './repository.js';
import { runProgram } from './run-program.js';
import { checkPage, pagesOfCheckout } from './site.js';
import { GENERATED, typeCheck, writePrograms } from './type-check.js';

const site = pagesOfCheckout().map((path) => checkPage(path, checkout.read(path) ?? '', checkout));
const pages = site.map(({ page }) => page);
const folder = join(GENERATED, 'pages');
const files = writePrograms(
  folder,
  site.flatMap(({ programs }) => programs),
);

describe('the site', () => {
  it('has no page that cannot be reached from README.md or docs/README.md', () => {
    expect(format(findUnreachable(pages, ['README.md', 'docs/README.md']))).toEqual([]);
  });

  it('explains every error code in docs/errors.md, and no other', () => {
    const page = pages.find(({ path }) => path === 'docs/errors.md');
    if (pages.every(({ path }) => !path.startsWith('docs/'))) return;
    expect(page, 'docs/errors.md is missing').toBeDefined();
    if (page !== undefined) expect(format(checkErrorHeadings(page, Object.keys(ERROR_CODES)))).toEqual([]);
  });

  it('has programs that compile', { timeout: 120_000 }, async () => {
    expect(format(await typeCheck(folder, files))).toEqual([]);
  });
});

describe.each(site)('$page.path', ({ page, programs, problems }) => {
  it('has blocks and links that hold', () => {
    expect(format(problems)).toEqual([]);
  });

  for (const program of programs.filter(({ ends }) => ends !== 'unrun')) {
    it(`runs the program at ${page.path}:${program.line}`, async () => {
      expect(format(await runProgram(program, files.get(program) ?? ''))).toEqual([]);
    });
  }
});
