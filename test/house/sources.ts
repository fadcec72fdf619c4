import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Source texts by path, relative to the root of the checkout, with forward slashes. */
export type Sources = ReadonlyMap<string, string>;

const SKIPPED = /(?:^|\/)(?:node_modules|dist|\.generated|fixtures)(?:\/|$)/;

/** Every TypeScript file below `folders`. A folder that does not exist has none. */
export function readSources(folders: readonly string[]): Sources {
  return new Map(
    folders
      .flatMap((folder) => filesBelow(folder))
      .filter((path) => /\.[cm]?tsx?$/.test(path))
      .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]),
  );
}

/** Every file below a folder of the checkout, in order. */
export function filesBelow(folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replaceAll('\\', '/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    entries = [];
  }
  return entries.filter((path) => !SKIPPED.test(path)).sort();
}
