import type { Fence, Page } from './page.js';
import type { Problem } from './problem.js';

/** A fence whose info string is understood. */
export interface Block {
  readonly page: string;
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Which attributes each language takes; a language that is not here is not allowed on a page. */
const LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  ts: ['continue', 'file', 'no-run', 'fails'],
  text: ['output', 'file'],
  json: ['file'],
  jsonc: ['file'],
  sh: ['file', 'elsewhere'],
  mermaid: ['file'],
  diff: [],
  http: [],
  dot: ['file'],
};
/** Attributes that say nothing without a value. */
const VALUED: Readonly<Record<string, string>> = {
  file: 'file=path/to/file.ts, or file=path/to/file.ts#region',
  'no-run': 'no-run="the reason"',
  fails: 'fails="text of the error"',
  elsewhere: 'elsewhere="where these commands are run"',
};
const FLAGS = ['continue', 'output'];
/** Pairs that contradict each other. */
const EXCLUSIVE: readonly (readonly [string, string])[] = [
  ['file', 'continue'],
  ['file', 'no-run'],
  ['file', 'fails'],
  ['no-run', 'fails'],
];

/** Understands the info strings of a page. A block with a wrong one is reported and left out. */
export function readBlocks(page: Page): { blocks: Block[]; problems: Problem[] } {
  const blocks: Block[] = [];
  const problems: Problem[] = [];
  for (const fence of page.fences) {
    const [language = '', ...words] = fence.info.match(/[^\s=]+(?:=(?:"[^"]*"|'[^']*'|\S*))?/g) ?? [];
    const attributes = new Map(words.map(attribute));
    const wrong = mistakes(language, attributes);
    if (wrong.length === 0) blocks.push(block(page, fence, language, attributes));
    for (const message of wrong) problems.push({ page: page.path, line: fence.line, message });
  }
  return { blocks, problems };
}

function block(page: Page, fence: Fence, language: string, attributes: Map<string, string>): Block {
  return { page: page.path, line: fence.line, language, text: fence.text, attributes };
}

function attribute(word: string): [string, string] {
  const equals = word.indexOf('=');
  if (equals === -1) return [word, ''];
  return [word.slice(0, equals), word.slice(equals + 1).replace(/^(["'])(.*)\1$/, '$2')];
}

function mistakes(language: string, attributes: ReadonlyMap<string, string>): string[] {
  const allowed = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined;
  const list = Object.keys(LANGUAGES).join(', ');
  if (language === '') return [`The fence names no language. Use one of: ${list}.`];
  if (allowed === undefined) return [`"${language}" is not a language of these pages. Use one of: ${list}.`];
  const found: string[] = [];
  for (const [name, value] of attributes) {
    if (!allowed.includes(name)) {
      found.push(`"${name}" means nothing on a ${language} fence. Known here: ${allowed.join(', ') || 'none'}.`);
    } else if (FLAGS.includes(name) && value !== '') found.push(`"${name}" takes no value.`);
    else if (!FLAGS.includes(name) && (value.trim() === '' || /^["']/.test(value))) {
      found.push(`"${name}" needs a value: ${VALUED[name]}.`);
    }
  }
  for (const [one, other] of EXCLUSIVE) {
    if (attributes.has(one) && attributes.has(other)) found.push(`"${one}" and "${other}" exclude each other.`);
  }
  return found;
}
