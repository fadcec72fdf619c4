import type { CliIo } from '../cli-io.js';
import { readFile } from './read-text.js';

/** How whoever calls may say who they are. */
export interface TokenOptions {
  readonly tokenFile?: string;
}

/** The token of whoever calls: from the file that was named, else from STAGEFLOW_TOKEN. Undefined if there is none. */
export function readToken({ cwd, env }: Pick<CliIo, 'cwd' | 'env'>, { tokenFile }: TokenOptions): string | undefined {
  const token = tokenFile === undefined ? env.STAGEFLOW_TOKEN : readFile(cwd, tokenFile).trim();
  return token === '' ? undefined : token;
}
