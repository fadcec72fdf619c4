import type { ToolCallIdentity, ToolCallLog } from '../../tools/index.js';
import { type ContractCase, demandEqual } from './contract-case.js';

const identity: ToolCallIdentity = { tenant: 'acme', runId: 'run-1', callKey: 'Pay/pay/#1' };
const call = { ...identity, tool: 'pay', inputDigest: 'abc' };

/** What every `ToolCallLog` has to keep. @param make gives an empty one for each case */
export function toolCallLogCases(make: () => ToolCallLog | Promise<ToolCallLog>): readonly ContractCase[] {
  return [
    { name: 'knows nothing of a call that was never started', run: async () => knowsNothing(await make()) },
    { name: 'says of a started call that it is in flight', run: async () => inFlight(await make()) },
    { name: 'gives back what a call gave, with the digest of its input', run: async () => completed(await make()) },
    { name: 'keeps no result of a call that failed', run: async () => failed(await make()) },
    { name: 'keeps calls apart whose keys are almost the same', run: async () => keepsApart(await make()) },
    {
      name: 'keeps calls of different runs and tenants apart, however alike they are',
      run: async () => keepsRunsApart(await make()),
    },
  ];
}

async function knowsNothing(log: ToolCallLog): Promise<void> {
  demandEqual(await log.find(identity), null, 'What is known of it');
}

async function inFlight(log: ToolCallLog): Promise<void> {
  await log.started(call);
  demandEqual(await log.find(identity), { status: 'in-flight', inputDigest: 'abc' }, 'What is known of it');
}

async function completed(log: ToolCallLog): Promise<void> {
  const output = { paid: true, list: [1, null] };
  await log.started(call);
  await log.finished(identity, { ok: true, output });
  const known = { status: 'completed', inputDigest: 'abc', output };
  demandEqual(await log.find(identity), known, 'What is known of it');
}

/** Null or in flight: either way, nothing is taken for done. */
async function failed(log: ToolCallLog): Promise<void> {
  await log.started(call);
  await log.finished(identity, { ok: false });
  const status = (await log.find(identity))?.status ?? null;
  demandEqual(status === 'completed', false, 'That a call which failed counts as completed');
}

async function keepsApart(log: ToolCallLog): Promise<void> {
  const keys = ['Pay/pay/#1', 'Pay/pay/#10', 'pay/pay/#1', 'Pay/pay/=#1', 'Pay/pay/#1 '];
  await allApart(
    log,
    keys.map((callKey) => ({ ...identity, callKey })),
  );
}

/** The last two are alike to whoever joins run and key with a slash. */
async function keepsRunsApart(log: ToolCallLog): Promise<void> {
  await allApart(log, [
    identity,
    { ...identity, runId: 'run-2' },
    { ...identity, tenant: 'umbrella' },
    { ...identity, tenant: null },
    { tenant: null, runId: 'a/b', callKey: 'c/pay/#1' },
    { tenant: null, runId: 'a', callKey: 'b/c/pay/#1' },
  ]);
}

async function allApart(log: ToolCallLog, identities: readonly ToolCallIdentity[]): Promise<void> {
  for (const [index, each] of identities.entries()) {
    await log.started({ ...call, ...each });
    await log.finished(each, { ok: true, output: index });
  }
  for (const [output, each] of identities.entries()) {
    const known = { status: 'completed', inputDigest: 'abc', output };
    demandEqual(await log.find(each), known, `Call "${each.callKey}" of run "${each.runId}"`);
  }
}
