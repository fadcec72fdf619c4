import type { Command } from 'commander';
import { ChangeVerdict, type ContractSide } from '../../contracts/index.js';
import { type ContractDifference, compareSets } from '../contracts/compare-sets.js';
import { exportedContracts, readContractSet, type StoredContracts } from '../contracts/contract-set.js';
import { ExitCode } from '../exit-code.js';
import type { Palette } from '../output/palette.js';
import { plainText } from '../output/plain-text.js';
import { type CommandHost, type CommandOptions, withCommandOptions } from './command-host.js';
import { oneOf } from './option-values.js';

interface DiffOptions extends CommandOptions {
  readonly direction?: ContractSide;
  readonly nullable?: ChangeVerdict;
  readonly strict?: true;
}

const VERDICTS = Object.values(ChangeVerdict);
const WHAT = 'a module, file#Export, a list that contracts list --json wrote, or a JSON Schema';

export function addContracts(program: Command, host: CommandHost): void {
  const contracts = program.command('contracts').description('Looks at contracts with a name and a version.');
  withCommandOptions(contracts.command('list').argument('<module>', 'a TypeScript or JavaScript file'))
    .description('Lists the contracts that a module exports; with --json as JSON Schemas, to be compared later.')
    .action(host.action((module: string, options: CommandOptions) => list(host, module, options)));
  withCommandOptions(contracts.command('diff').argument('<before>', WHAT).argument('<after>', WHAT))
    .description('Says what changed between two versions, and whom it breaks.')
    .option(
      '--direction <side>',
      'who must go on working: those who read the output, or give the input; default: both',
      oneOf('input', 'output'),
    )
    .option(
      '--nullable <verdict>',
      `what it counts if a value becomes nullable: ${VERDICTS.join(', ')}`,
      oneOf(...VERDICTS),
    )
    .option('--strict', 'warnings count as breaking')
    .action(host.action((before: string, after: string, options: DiffOptions) => diff(host, before, after, options)));
}

async function list(host: CommandHost, given: string, options: CommandOptions): Promise<ExitCode> {
  const contracts = await exportedContracts(host.io, given);
  const labels = [...contracts.keys()].sort();
  const sides = labels.map((label) => {
    const contract = contracts.get(label)!;
    return [label, { input: contract.toJsonSchema('input'), output: contract.toJsonSchema('output') }] as const;
  });
  if (options.json) host.json({ contracts: Object.fromEntries(sides) } satisfies StoredContracts);
  else if (labels.length === 0) host.note('No contracts with a name and a version are exported.');
  else host.text(labels.map((label) => `${plainText(label)}\n`).join(''));
  return ExitCode.Ok;
}

async function diff(host: CommandHost, before: string, after: string, options: DiffOptions): Promise<ExitCode> {
  const { direction, nullable, strict } = options;
  const side = direction ?? 'output';
  const [was, is] = [await readContractSet(host.io, before, side), await readContractSet(host.io, after, side)];
  const found = compareSets(was, is, {
    ...(direction === undefined ? {} : { direction }),
    ...(nullable === undefined ? {} : { nullable }),
  });
  const isBroken = ({ verdict }: ContractDifference): boolean =>
    verdict === ChangeVerdict.Breaking || (strict === true && verdict === ChangeVerdict.Warning);
  const ok = !found.some(isBroken);
  if (options.json) host.json({ ok, contracts: found });
  else host.text(found.map((one) => differenceText(one, host.palette)).join('') || 'No contracts.\n');
  return ok ? ExitCode.Ok : ExitCode.Failed;
}

function differenceText({ contract, status, verdict, changes }: ContractDifference, palette: Palette): string {
  const paint = { compatible: palette.good, warning: palette.warn, breaking: palette.bad };
  const lines = changes.map(({ path, change, verdict: one, suggestion }) => {
    return `  ${paint[one](one.padEnd(10))} ${plainText(path) || '(the value itself)'} ${change}: ${suggestion}`;
  });
  return `${[`${plainText(contract)} ${status}, ${paint[verdict](verdict)}`, ...lines].join('\n')}\n`;
}
