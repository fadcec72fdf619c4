import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configError, usageError } from '../cli-errors.js';
import type { CliIo } from '../cli-io.js';
import type { StageflowConfig } from '../config/index.js';
import { loadModule } from './load-module.js';
import { LoadedConfig } from './loaded-config.js';

const NAMES = ['ts', 'mts', 'js', 'mjs'].map((extension) => `stageflow.config.${extension}`);
const KEYS: readonly string[] = [
  'journal',
  'approvals',
  'approver',
  'app',
  'close',
] satisfies readonly (keyof StageflowConfig)[];

/**
 * Reads the configuration: the file that was named, else `stageflow.config.ts`, `.mts`, `.js` or `.mjs` in the folder the
 * command is used in.
 * @param given the path; false for none; undefined for the usual file, if it is there
 * @throws CLI_CONFIG_INVALID, CLI_USAGE, CLI_MODULE_FAILED, CLI_NO_TYPESCRIPT
 */
export async function loadConfig(io: CliIo, given: string | false | undefined): Promise<LoadedConfig> {
  const file = given === false ? undefined : given === undefined ? usualFile(io.cwd) : namedFile(io.cwd, given);
  if (file === undefined) return new LoadedConfig(null, {});
  const { exports } = await loadModule(io, { file, exported: null });
  const config = exports.default;
  if (typeof config !== 'object' || config === null) {
    throw configError(
      `${file} has no configuration as its default export.`,
      "Write export default defineConfig({ … }), with defineConfig from 'stageflow/config'.",
      { file },
    );
  }
  const unknown = Object.keys(config).find((key) => !KEYS.includes(key));
  if (unknown === undefined) return new LoadedConfig(file, config);
  throw configError(`${file} configures ${unknown}, which nothing knows.`, `There are ${KEYS.join(', ')}.`, {
    file,
    key: unknown,
  });
}

function usualFile(cwd: string): string | undefined {
  return NAMES.map((name) => join(cwd, name)).find((file) => existsSync(file));
}

function namedFile(cwd: string, given: string): string {
  const file = resolve(cwd, given);
  if (existsSync(file)) return file;
  throw usageError(`There is no configuration ${given}.`, 'Give the path of a file, or leave out --config.', { file });
}
