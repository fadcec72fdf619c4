import type { Command } from 'commander';
import { type ApprovalRequest, type ApprovalService, type Decider, summariseApproval } from '../../approvals/index.js';
import { approverOf } from '../approvals/approver.js';
import { ExitCode } from '../exit-code.js';
import { parseJson, readText } from '../loading/read-text.js';
import type { TokenOptions } from '../loading/read-token.js';
import { moment } from '../output/duration.js';
import { plainText } from '../output/plain-text.js';
import { type CommandHost, type CommandOptions, withCommandOptions } from './command-host.js';
import { wholeNumber } from './option-values.js';

interface ApproverOptions extends CommandOptions, TokenOptions {}

interface ListOptions extends ApproverOptions {
  readonly mine?: true;
  readonly limit: number;
}

interface ApproveOptions extends ApproverOptions {
  readonly reason?: string;
  readonly edit?: string;
}

export function addApprovals(program: Command, host: CommandHost): void {
  const approvals = program.command('approvals').description('Decides on tool calls that wait for a person.');
  withApproverOptions(approvals.command('list'))
    .description('Lists what you may decide on, the oldest first.')
    .option('--mine', 'what you have asked for, instead')
    .option('--limit <count>', 'at most this many', wholeNumber(1), 50)
    .action(host.action((options: ListOptions) => list(host, options)));
  withApproverOptions(approvals.command('approve').argument('<request>', 'the id of a request'))
    .description('Lets a call go on.')
    .option('--reason <text>', 'why')
    .option('--edit <file>', 'other input for the call, as JSON from a file, or - for stdin')
    .action(host.action((id: string, options: ApproveOptions) => approve(host, id, options)));
  withApproverOptions(approvals.command('deny').argument('<request>', 'the id of a request'))
    .description('Refuses a call.')
    .requiredOption('--reason <text>', 'why; whoever asked is told, a model included')
    .action(
      host.action((id: string, options: ApproverOptions & { readonly reason: string }) => {
        return decide(host, options, (service, by) => service.deny(id, by, options.reason));
      }),
    );
}

function withApproverOptions(command: Command): Command {
  return withCommandOptions(command).option(
    '--token-file <file>',
    'who you are; default: the token in STAGEFLOW_TOKEN, else the approver of the configuration',
  );
}

async function list(host: CommandHost, options: ListOptions): Promise<ExitCode> {
  const requests = await host.withConfig(options, async (config) => {
    const service = await config.requireApprovals();
    return pendingOf(service, await approverOf(host.io, config, options), options);
  });
  if (options.json) host.json({ requests });
  else if (requests.length === 0) host.note('Nothing waits.');
  else host.text(requests.map(requestText).join('\n'));
  return ExitCode.Ok;
}

/** Pages may be shorter than their limit, and not the last. */
async function pendingOf(
  service: ApprovalService,
  by: Decider,
  { mine, limit }: ListOptions,
): Promise<readonly ApprovalRequest[]> {
  const found: ApprovalRequest[] = [];
  let after: string | null = null;
  do {
    const page = await service.pending(by, { mine: mine === true, ...(after === null ? {} : { after }) });
    found.push(...page.requests);
    after = page.next;
  } while (after !== null && found.length < limit);
  return found.slice(0, limit);
}

async function approve(host: CommandHost, id: string, options: ApproveOptions): Promise<ExitCode> {
  const { reason = null, edit } = options;
  if (edit === undefined) return decide(host, options, (service, by) => service.approve(id, by, reason));
  const input = parseJson(await readText(host.io, edit), edit);
  return decide(host, options, (service, by) => service.approveEdited(id, by, input, reason));
}

async function decide(
  host: CommandHost,
  options: ApproverOptions,
  act: (service: ApprovalService, by: Decider) => Promise<ApprovalRequest>,
): Promise<ExitCode> {
  const request = await host.withConfig(options, async (config) => {
    const service = await config.requireApprovals();
    return act(service, await approverOf(host.io, config, options));
  });
  if (options.json) host.json({ request });
  else host.text(requestText(request));
  return ExitCode.Ok;
}

function requestText(request: ApprovalRequest): string {
  const until = `${plainText(request.id)}, run ${plainText(request.runId)}, until ${moment(request.expiresAt)} UTC`;
  const lines = summariseApproval(request).trimEnd().split('\n').map(plainText);
  return `${until}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
