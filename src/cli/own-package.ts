import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One installed copy of stageflow. */
export interface PackageCopy {
  readonly root: string;
  readonly version: string;
  /** What its command line starts from; null if it has none. */
  readonly bin: string | null;
}

/** The copy that the module at `url` is part of. */
export function copyOf(url: string): PackageCopy {
  let folder = dirname(realpathSync(fileURLToPath(url)));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return readCopy(folder);
}

/**
 * The copy that the files which are named import, or else those in this folder, if it is another one. A definition belongs to
 * the copy it imports: to another it is nothing.
 */
export function otherCopy(cwd: string, args: readonly string[], own: PackageCopy): PackageCopy | null {
  const files = args.map((arg) => resolve(cwd, arg.replace(/#[^#]*$/, ''))).filter((file) => isFile(file));
  for (const place of [...files, join(cwd, 'any.js')]) {
    const root = rootFrom(place);
    if (root !== null) return root === own.root ? null : readCopy(root);
  }
  return null;
}

/** Null if there is none. */
function rootFrom(file: string): string | null {
  try {
    return dirname(realpathSync(createRequire(pathToFileURL(file)).resolve('stageflow/package.json')));
  } catch {
    return null;
  }
}

/** Arguments need not be paths, and may be longer than one can be. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function readCopy(root: string): PackageCopy {
  const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.stageflow;
  return { root, version, bin: typeof file === 'string' ? join(root, file) : null };
}
