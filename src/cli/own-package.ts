import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
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
 * The copy that a project in this folder uses, if it is another one. A definition belongs to the copy it imports: to another it
 * is nothing.
 */
export function otherCopy(cwd: string, own: PackageCopy): PackageCopy | null {
  try {
    const manifest = createRequire(pathToFileURL(join(cwd, 'any.js'))).resolve('stageflow/package.json');
    const root = dirname(realpathSync(manifest));
    return root === own.root ? null : readCopy(root);
  } catch {
    return null; // the project has none
  }
}

function readCopy(root: string): PackageCopy {
  const { version, bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : bin?.stageflow;
  return { root, version, bin: typeof file === 'string' ? join(root, file) : null };
}
