import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, readBlocks } from './block.js';
import { checkIncludedFiles } from './included-file.js';
import { checkJson } from './json.js';
import { checkLinks } from './links.js';
import { type Page, parsePage } from './page.js';
import type { Problem } from './problem.js';
import { buildPrograms, type Program } from './programs.js';
import { checkout, type Repository, ROOT } from './repository.js';
import { checkShell } from './shell.js';

/** A page, its programs, and everything that is wrong with it short of compiling and running them. */
export interface CheckedPage {
  readonly page: Page;
  readonly blocks: readonly Block[];
  readonly programs: readonly Program[];
  readonly problems: readonly Problem[];
}

export function checkPage(path: string, source: string, repository: Repository): CheckedPage {
  const page = parsePage(path, source);
  const { blocks, problems: unread } = readBlocks(page);
  const { programs, problems: unchained } = buildPrograms(blocks);
  const problems = [
    ...page.problems,
    ...unread,
    ...unchained,
    ...checkIncludedFiles(blocks, repository),
    ...checkShell(blocks, repository),
    ...checkJson(blocks),
    ...checkLinks(page, repository),
  ];
  return { page, blocks, programs, problems };
}

/** README.md and every page below docs/, as far as they exist. */
export function pagesOfCheckout(): string[] {
  const docs = checkout.isDirectory('docs')
    ? readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    : [];
  const pages = docs.filter((file) => file.endsWith('.md')).map((file) => `docs/${file.replaceAll('\\', '/')}`);
  return [...(checkout.read('README.md') === undefined ? [] : ['README.md']), ...pages.sort()];
}
