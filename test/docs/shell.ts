import { posix } from 'node:path';
import type { Block } from './block.js';
import type { Problem } from './problem.js';
import { exists, type Repository, resolveInside } from './repository.js';

/** Flags of node whose value is the next word. */
const NODE_VALUE_FLAGS = ['--import', '--require', '-r', '--conditions', '-C', '--env-file'];
/** Flags of node after which no file is expected. */
const NODE_NO_FILE = ['--version', '-v', '--eval', '-e', '--print', '-p', '--test', '--help', '-h'];

/** Where a reader who types the commands of one fence stands, and whether that is this checkout. */
interface Place {
  readonly repository: Repository;
  readonly isElsewhere: boolean;
  folder: string;
  /** The folder that `git clone` made: entering it is entering the checkout. */
  clone?: string;
}

/** Commands are not run; each must be one that a reader can run, naming scripts and files that exist. */
export function checkShell(blocks: readonly Block[], repository: Repository): Problem[] {
  return blocks
    .filter((block) => block.language === 'sh')
    .flatMap((block) => {
      const place: Place = { repository, isElsewhere: block.attributes.has('elsewhere'), folder: '.' };
      return commandLines(block).flatMap(({ command, line }) => {
        const message = mistake(command, place);
        return message === undefined ? [] : [{ page: block.page, line, message }];
      });
    });
}

function commandLines(block: Block): { command: string; line: number }[] {
  const found: { command: string; line: number }[] = [];
  let pending = '';
  block.text.split('\n').forEach((text, index) => {
    const whole = pending + text.replace(/^\s*\$ /, '').replace(/(?:^|\s)#.*$/, '');
    pending = whole.endsWith('\\') ? whole.slice(0, -1) : '';
    if (pending !== '') return;
    const line = block.line + 1 + index;
    for (const command of whole.split(/&&|\|\||;/)) if (command.trim() !== '') found.push({ command, line });
  });
  if (pending.trim() !== '') found.push({ command: pending, line: block.line });
  return found;
}

function mistake(command: string, place: Place): string | undefined {
  const words = command.trim().split(/\s+/);
  while (/^[A-Z_][A-Z0-9_]*=/.test(words[0] ?? '')) words.shift();
  const [program, ...rest] = words;
  if (program === 'npm') return npm(rest, place);
  if (program === 'npx') return npx(rest, place);
  if (program === 'node') return node(rest, place);
  if (program === 'cd') return cd(rest, place);
  if (program === 'git' && rest[0] === 'clone') return gitClone(rest.slice(1), place);
  return `"${program}" is not a command of these pages: npm, npx stageflow, node, git clone or cd.`;
}

function npm([verb = '', ...rest]: string[], place: Place): string | undefined {
  if (verb === 'ci' || verb === 'install') return undefined;
  if (verb !== 'run' && verb !== 'test')
    return `"npm ${verb}" is not a command of these pages: run, test, ci or install.`;
  const script = verb === 'test' ? 'test' : (rest.find((word) => !word.startsWith('-')) ?? '');
  if (place.isElsewhere) return undefined;
  return hasOwn(place, 'scripts', script) ? undefined : `package.json has no script "${script}".`;
}

function npx(words: string[], place: Place): string | undefined {
  const name = words.find((word) => !word.startsWith('-'));
  if (name !== 'stageflow') return `"npx ${name ?? ''}" is not a command of these pages: only npx stageflow.`;
  return hasOwn(place, 'bin', 'stageflow') ? undefined : 'package.json has no bin "stageflow".';
}

function node(words: string[], place: Place): string | undefined {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (NODE_NO_FILE.includes(word)) return undefined;
    if (NODE_VALUE_FLAGS.includes(word)) index++;
    else if (!word.startsWith('-')) return place.isElsewhere ? undefined : missing(word, place);
  }
  return 'node is given no file.';
}

function missing(path: string, place: Place): string | undefined {
  const resolved = resolveInside(place.folder, path);
  return resolved !== undefined && exists(place.repository, resolved) ? undefined : `There is no "${path}" here.`;
}

function cd([path = '']: string[], place: Place): string | undefined {
  if (place.isElsewhere) return undefined;
  if (path === place.clone) {
    place.folder = '.';
    return undefined;
  }
  const resolved = resolveInside(place.folder, path);
  if (path === '' || resolved === undefined || !place.repository.isDirectory(resolved)) {
    return `There is no folder "${path}" here.`;
  }
  place.folder = resolved;
  return undefined;
}

function gitClone(words: string[], place: Place): string | undefined {
  const [url = '', folder] = words.filter((word) => !word.startsWith('-'));
  if (!URL.canParse(url) && !/^[^\s/@]+@[^\s:]+:\S+$/.test(url) && !/^<.+>$/.test(url)) {
    return `"${url}" is not an address to clone from.`;
  }
  place.clone = folder ?? posix.basename(url.replace(/>$/, ''), '.git');
  return undefined;
}

function hasOwn(place: Place, section: 'scripts' | 'bin', name: string): boolean {
  const manifest: unknown = JSON.parse(place.repository.read('package.json') ?? '{}');
  const entries = (manifest as Record<string, unknown>)[section];
  return typeof entries === 'object' && entries !== null && Object.hasOwn(entries, name);
}
