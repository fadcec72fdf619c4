import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { noTypeScript } from '../cli-errors.js';

const TYPESCRIPT = /\.[cm]?tsx?$/;
const LOADER = '@oxc-node/core';

export function isTypeScript(file: string): boolean {
  return TYPESCRIPT.test(file);
}

/**
 * Lets this process load TypeScript with decorators and their metadata. Node alone does not: it takes types away, and knows
 * no decorators.
 * @param places where the loader is looked for
 * @throws CLI_NO_TYPESCRIPT
 */
export async function registerTypeScript(file: string, places = [file, import.meta.url]): Promise<void> {
  const loader = places.map(find).find((found) => found !== undefined);
  if (loader === undefined) throw noTypeScript(file);
  // The loader reads the compiler options of the folder it is started in, which need not be that of the file, and is told of
  // others by the environment alone.
  if (process.env.OXC_TSCONFIG_PATH === undefined && process.env.TS_NODE_PROJECT === undefined) {
    const options = nearest('tsconfig.json', dirname(file));
    if (options !== undefined) process.env.OXC_TSCONFIG_PATH = options;
  }
  await import(pathToFileURL(loader).href);
}

/** By its manifest: what it exports for `import` alone `require.resolve` does not find. */
function find(from: string): string | undefined {
  try {
    return join(dirname(createRequire(from).resolve(`${LOADER}/package.json`)), 'register.mjs');
  } catch {
    return undefined;
  }
}

function nearest(name: string, folder: string): string | undefined {
  const candidate = join(folder, name);
  if (existsSync(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : nearest(name, parent);
}
