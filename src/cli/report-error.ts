import { CommanderError } from 'commander';
import { type ErrorCode, errorLink, StageflowError } from '../errors/index.js';
import type { CommandHost } from './commands/command-host.js';
import { ExitCode } from './exit-code.js';
import { isDefinitionError } from './loading/load-module.js';

/** Tells whoever called what went wrong, on stderr, and with `--json` on stdout as well. @returns the exit code */
export function reportError(host: CommandHost, error: unknown, asJson: boolean): ExitCode {
  if (error instanceof CommanderError) return ofCommander(host, error, asJson);
  if (asJson) host.json({ ok: false, error: jsonOf(error) });
  host.note(textOf(error, host));
  return codeOf(error);
}

/** It has printed its message itself. */
function ofCommander(host: CommandHost, { code, exitCode, message }: CommanderError, asJson: boolean): ExitCode {
  if (exitCode === 0 || code === 'commander.helpDisplayed' || code === 'commander.version') return ExitCode.Ok;
  if (asJson) host.json({ ok: false, error: { code: 'CLI_USAGE', message } });
  return ExitCode.Usage;
}

function codeOf(error: unknown): ExitCode {
  if (isDefinitionError(error)) return ExitCode.Definition;
  if (!(error instanceof StageflowError)) return ExitCode.Fault;
  const { code } = error;
  if (USAGE.has(code) || /^(?:CLI|SNAPSHOT)_/.test(code)) return ExitCode.Usage;
  return REFUSED.some((start) => code.startsWith(start)) ? ExitCode.Refused : ExitCode.Fault;
}

const USAGE: ReadonlySet<ErrorCode> = new Set([
  'REGISTRY_UNKNOWN',
  'AUTH_NOT_CONFIGURED',
  'RUN_INPUT_INVALID',
  'APPROVAL_OPTION_INVALID',
  'CONTRACT_INVALID',
]);
const REFUSED = [
  'JOURNAL_RUN_MISSING',
  'JOURNAL_INCOMPLETE',
  'JOURNAL_CORRUPT',
  'RESUME_',
  'APPROVAL_',
  'AUTH_',
] as const;

function textOf(error: unknown, { io }: CommandHost): string {
  if (isDefinitionError(error) || error instanceof StageflowError) return `error: ${error.message}`;
  // Somebody has to find the fault: where it happened says more than its message.
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return io.env.STAGEFLOW_DEBUG ? `error: ${text}` : `error: ${text.split('\n    at ')[0]}`;
}

function jsonOf(error: unknown): object {
  if (isDefinitionError(error)) {
    return { code: error.problems[0]?.code, message: error.message, problems: error.problems };
  }
  if (error instanceof StageflowError) {
    const { code, summary, fix, details } = error;
    return { code, message: summary, fix, details, docs: errorLink(code) };
  }
  return { code: null, message: error instanceof Error ? error.message : String(error) };
}
