import type { Decider } from '../../approvals/index.js';
import { authenticate } from '../../auth/index.js';
import { configError } from '../cli-errors.js';
import type { CliIo } from '../cli-io.js';
import type { LoadedConfig } from '../loading/loaded-config.js';
import { readToken, type TokenOptions } from '../loading/read-token.js';

/**
 * Who decides: whoever the token stands for, by the verifier of the application; without a token, the approver of the
 * configuration.
 * @throws AuthError; CLI_CONFIG_INVALID if there is neither
 */
export async function approverOf(io: CliIo, config: LoadedConfig, options: TokenOptions): Promise<Decider> {
  const token = readToken(io, options);
  if (token !== undefined) return authenticate((await config.app())?.verifier, token);
  const approver = await config.approver();
  if (approver !== undefined) return approver;
  throw configError(
    'Nobody is known who could decide.',
    'Give approver in the configuration, or app.verifier there and a token in STAGEFLOW_TOKEN.',
    { key: 'approver', file: config.file },
  );
}
