import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Where something is written down. */
export interface SourcePlace {
  /** Absolute. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** More files than anybody reads: what is left out only costs the place of a finding. */
const MOST_FILES = 2_000;
const IMPORT = /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g;
const CLASS = /\bclass\s+([A-Za-z_$][\w$]*)/g;
/** `withStage('fetch'`, `name: 'pay'`, `new Pipeline('crawl'`. */
const NAMED = /\b(?:withStage\(\s*|replace\(\s*|name:\s*|Pipeline\(\s*)(['"`])([^'"`\n]+)\1/g;

/**
 * Finds classes and names in the text of a module and of what it imports by relative paths. Decorators keep no places, and to
 * a reader of findings a line that is right nearly always is worth more than none.
 */
export class SourceIndex {
  readonly #places = new Map<string, SourcePlace>();

  constructor(entry: string) {
    const files = [entry];
    const known = new Set(files);
    for (const file of files) {
      const text = read(file);
      if (text === undefined) continue;
      this.#add(file, text, CLASS, 1);
      this.#add(file, text, NAMED, 2);
      for (const [, , specifier] of text.matchAll(IMPORT)) {
        const imported = resolveImport(dirname(file), specifier as string);
        if (imported === undefined || known.has(imported) || known.size >= MOST_FILES) continue;
        known.add(imported);
        files.push(imported);
      }
    }
  }

  /** The place of the first of these names that has one. */
  find(names: readonly string[]): SourcePlace | null {
    for (const name of names) {
      const place = this.#places.get(name);
      if (place !== undefined) return place;
    }
    return null;
  }

  #add(file: string, text: string, pattern: RegExp, group: number): void {
    for (const match of text.matchAll(pattern)) {
      const name = match[group] as string;
      if (!this.#places.has(name)) this.#places.set(name, { file, line: lineOf(text, match.index) });
    }
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** As compilers do: `./a.js` may be `./a.ts`, `./a` may be a file or a folder. */
function resolveImport(folder: string, specifier: string): string | undefined {
  const whole = resolve(folder, specifier);
  const candidates = [
    whole.replace(/\.([cm]?)js$/, '.$1ts'),
    whole.replace(/\.js$/, '.tsx'),
    whole,
    ...['.ts', '.js', '/index.ts', '/index.js'].map((end) => `${whole}${end}`),
  ];
  return candidates.find((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}
