import type { Command } from 'commander';
import { type CheckReport, checkFailedModule, checkTarget } from '../check/check-target.js';
import { jsonReport } from '../check/json-report.js';
import { sarifReport } from '../check/sarif-report.js';
import { textReport } from '../check/text-report.js';
import { usageError } from '../cli-errors.js';
import { ExitCode } from '../exit-code.js';
import { isDefinitionError, loadModule, readModuleName } from '../loading/load-module.js';
import { pickTarget } from '../loading/target.js';
import { type CommandHost, type ModuleOptions, withModuleOptions } from './command-host.js';

interface CheckOptions extends ModuleOptions {
  readonly format: string;
  readonly strict?: true;
}

const FORMATS = ['text', 'json', 'sarif'];

export function addCheck(program: Command, host: CommandHost): void {
  withModuleOptions(program.command('check').argument('<module>', 'a TypeScript or JavaScript file, or file#Export'))
    .description('Says everything that is wrong with a definition, and what is odd. Builds nothing of it.')
    .option('--format <format>', FORMATS.join(', '), 'text')
    .option('--strict', 'warnings count as errors')
    .action(host.action((module: string, options: CheckOptions) => check(host, module, options)));
}

async function check(host: CommandHost, given: string, options: CheckOptions): Promise<ExitCode> {
  const format = options.json ? 'json' : options.format;
  if (!FORMATS.includes(format)) throw usageError(`There is no format ${format}.`, `Use ${FORMATS.join(', ')}.`);
  const report = await reportOn(host, given, options);
  const { cwd, version } = host.io;
  const ok = report.findings.every(({ severity }) => severity === 'warning' && !options.strict);
  if (format === 'json') host.json(jsonReport(report, cwd, ok));
  else if (format === 'sarif') host.json(sarifReport(report, cwd, version));
  else host.text(textReport(report, cwd, host.palette));
  return ok ? ExitCode.Ok : ExitCode.Definition;
}

/** A decorator that refuses a class keeps its module from being loaded, and is as much a finding as any other. */
async function reportOn(host: CommandHost, given: string, options: CheckOptions): Promise<CheckReport> {
  const name = readModuleName(host.io, given);
  try {
    const module = await loadModule(host.io, name);
    const target = pickTarget(module, options.export ?? null);
    return await host.withConfig(options, async (config) => checkTarget(module, target, (await config.app()) ?? {}));
  } catch (error) {
    if (isDefinitionError(error)) return checkFailedModule(name.file, error);
    throw error;
  }
}
