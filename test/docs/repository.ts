import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the checks may ask of the checkout. Paths are relative to its root, with forward slashes. */
export interface Repository {
  /** The text of a file, or undefined if there is none. */
  read(path: string): string | undefined;
  isDirectory(path: string): boolean;
}

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The checkout on disk. */
export const checkout: Repository = {
  read(path) {
    const file = join(ROOT, path);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : undefined;
  },
  isDirectory(path) {
    const folder = join(ROOT, path);
    return existsSync(folder) && statSync(folder).isDirectory();
  },
};

/** A checkout made of strings, for tests of the checks themselves. */
export function inMemory(files: Readonly<Record<string, string>>): Repository {
  return {
    read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    isDirectory: (path) => path === '.' || Object.keys(files).some((file) => file.startsWith(`${path}/`)),
  };
}

/** `path` resolved against `base`, or undefined if it leaves the checkout. */
export function resolveInside(base: string, path: string): string | undefined {
  const resolved = posix.normalize(posix.join(base, path)).replace(/(?<=.)\/$/, '');
  return resolved === '..' || resolved.startsWith('../') ? undefined : resolved;
}

export function exists(repository: Repository, path: string): boolean {
  return repository.isDirectory(path) || repository.read(path) !== undefined;
}
