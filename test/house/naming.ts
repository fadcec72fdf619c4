import type { SourceFile } from './source-file.js';

/** Words that say nothing, or that a second version of something stands beside the first. */
const BANNED = 'New V2 Advanced Legacy Unified Impl Manager Helper Util Common Misc';
const banned = new Set(
  BANNED.toLowerCase()
    .split(' ')
    .flatMap((word) => [word, `${word}s`]),
);
/** Names that packages gave, and whoever calls them has to say. */
const THEIRS: ReadonlySet<string> = new Set(['AsyncLocalStorageContextManager', 'setGlobalContextManager', 'unified']);
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/;

/** Banned words and other cases than kebab-case in the names of files and folders. */
export function pathProblems(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const words = path.split(/[/.-]/).filter((word) => banned.has(word.toLowerCase()));
    const found = words.map((word) => `${path}: "${word}" is a banned word.`);
    const [file = '', ...folders] = path.split('/').reverse();
    const isKebab = KEBAB_CASE.test(file) && folders.every((folder) => /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(folder));
    return isKebab ? found : [...found, `${path}: is not in kebab-case.`];
  });
}

/** Banned words in identifiers, as whole words of a camel-case or constant-case name. */
export function identifierProblems(file: SourceFile): string[] {
  return file.identifiers.flatMap(({ name, line }) =>
    (THEIRS.has(name) ? [] : wordsOf(name))
      .filter((word) => banned.has(word.toLowerCase()))
      .map((word) => `${file.path}:${line}: "${name}" holds the banned word "${word}".`),
  );
}

/** `HTTPClientV2` is HTTP, Client, V2. */
export function wordsOf(name: string): string[] {
  return name.match(/[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+/g) ?? [];
}
