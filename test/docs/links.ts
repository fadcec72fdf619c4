import { posix } from 'node:path';
import { type Page, parsePage } from './page.js';
import type { Problem } from './problem.js';
import { findAnchors, findHeadings, findLinks, plainText } from './prose.js';
import { exists, type Repository, resolveInside } from './repository.js';

/** Folders that a fresh clone does not have. */
const NOT_IN_A_CLONE = /(?:^|\/)(?:node_modules|dist|coverage|\.generated)(?:\/|$)/;

/** Every link of a page leads somewhere. Addresses on the web are only read, never fetched. */
export function checkLinks(page: Page, repository: Repository): Problem[] {
  const { links, malformed } = findLinks(page.prose);
  const problems = malformed.map(({ target, line }) => ({
    page: page.path,
    line,
    message: `"${target}" looks like a link, but is none.`,
  }));
  for (const { target, line } of links) {
    const message = mistake(target, page, repository);
    if (message !== undefined) problems.push({ page: page.path, line, message });
  }
  return problems;
}

function mistake(target: string, page: Page, repository: Repository): string | undefined {
  if (/^(?:https?|mailto):/i.test(target)) return URL.canParse(target) ? undefined : `"${target}" is not an address.`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || /^[/\\~]/.test(target)) {
    return `"${target}" leads to one machine only: link relative to this page.`;
  }
  const { path, fragment } = resolve(target, page.path);
  if (target === '') return 'The link has no target.';
  if (path === undefined) return `"${target}" leads out of the repository.`;
  if (NOT_IN_A_CLONE.test(path)) return `"${target}" is not in a fresh clone.`;
  if (path === page.path) return fragment === undefined ? undefined : wrongFragment(page, fragment);
  if (!exists(repository, path)) return `"${target}" leads to "${path}", which does not exist.`;
  if (fragment === undefined) return undefined;
  const source = repository.read(path);
  if (source === undefined) return `"${path}" is a folder and has no "#${fragment}".`;
  if (path.endsWith('.md')) return wrongFragment(parsePage(path, source), fragment);
  return /^L\d+(?:-L\d+)?$/.test(fragment) ? undefined : `"#${fragment}" is not a line of "${path}", like #L10.`;
}

function wrongFragment(page: Page, fragment: string): string | undefined {
  return findAnchors(page.prose).has(fragment) ? undefined : `"${page.path}" has no heading for "#${fragment}".`;
}

function resolve(target: string, from: string): { path: string | undefined; fragment: string | undefined } {
  const [path = '', fragment] = target.split('#');
  const decoded = decodeURIComponent(path.split('?')[0] ?? '');
  const resolved = decoded === '' ? from : resolveInside(posix.dirname(from), decoded);
  return { path: resolved, fragment: fragment === undefined ? undefined : decodeURIComponent(fragment) };
}

/** Pages that no chain of links from one of `starts` leads to. A link to a folder opens its README.md. */
export function findUnreachable(pages: readonly Page[], starts: readonly string[]): Problem[] {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const reached = new Set<string>();
  const open = starts.filter((start) => byPath.has(start));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const page = byPath.get(path);
    if (page === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const { target } of findLinks(page.prose).links) {
      const next = /^[a-z][a-z0-9+.-]*:/i.test(target) ? undefined : resolve(target, path).path;
      if (next !== undefined) open.push(next, posix.join(next, 'README.md'));
    }
  }
  return pages
    .filter((page) => !reached.has(page.path))
    .map((page) => ({
      page: page.path,
      line: 1,
      message: `No page reachable from ${starts.join(' or ')} links here.`,
    }));
}

/** The error page has one heading for every code, and none for a code that does not exist. */
export function checkErrorHeadings(page: Page, codes: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const { text, line } of findHeadings(page.prose)) {
    const code = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/.exec(plainText(text))?.[0];
    if (code === undefined) continue;
    if (!codes.includes(code)) problems.push({ page: page.path, line, message: `There is no error code ${code}.` });
    if (seen.has(code)) problems.push({ page: page.path, line, message: `${code} has a heading already.` });
    seen.add(code);
  }
  const missing = codes.filter((code) => !seen.has(code));
  return [
    ...problems,
    ...missing.map((code) => ({ page: page.path, line: 1, message: `No heading for the error code ${code}.` })),
  ];
}
