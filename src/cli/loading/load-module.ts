import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { DefinitionError, type Problem } from '../../errors/index.js';
import { moduleError, usageError } from '../cli-errors.js';
import type { CliIo } from '../cli-io.js';

/** A module as it was named on the command line: `src/app.ts`, or `src/app.ts#Crawl` for one of its exports. */
export interface ModuleName {
  /** Absolute. */
  readonly file: string;
  readonly exported: string | null;
}

export interface LoadedModule extends ModuleName {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** @throws CLI_USAGE if there is no such file */
export function readModuleName(io: Pick<CliIo, 'cwd'>, given: string): ModuleName {
  const whole = resolve(io.cwd, given);
  const cut = given.lastIndexOf('#');
  if (cut <= 0 || existsSync(whole)) return { file: requireFile(whole, given), exported: null };
  return { file: requireFile(resolve(io.cwd, given.slice(0, cut)), given), exported: given.slice(cut + 1) || null };
}

/** @throws CLI_MODULE_FAILED, CLI_NO_TYPESCRIPT; DefinitionError if a decorator refuses a class of the module */
export async function loadModule(io: CliIo, name: ModuleName): Promise<LoadedModule> {
  try {
    return { ...name, exports: namedExports(await io.importModule(name.file)) };
  } catch (error) {
    if (isDefinitionError(error)) throw error;
    if ((error as { readonly code?: unknown } | null)?.code === 'CLI_NO_TYPESCRIPT') throw error;
    throw moduleError(name.file, error);
  }
}

/** What was compiled to CommonJS keeps its exports in one object. */
function namedExports(exports: LoadedModule['exports']): LoadedModule['exports'] {
  const all = exports.default as { readonly __esModule?: unknown } | null | undefined;
  return all?.__esModule === true ? { ...all } : exports;
}

/** Also one of another copy of stageflow. */
export function isDefinitionError(error: unknown): error is Error & { readonly problems: readonly Problem[] } {
  if (error instanceof DefinitionError) return true;
  return error instanceof Error && error.name === 'DefinitionError' && 'problems' in error;
}

function requireFile(file: string, given: string): string {
  if (existsSync(file) && statSync(file).isFile()) return file;
  throw usageError(`There is no file ${given}.`, 'Give the path of a TypeScript or JavaScript module.', { file });
}
