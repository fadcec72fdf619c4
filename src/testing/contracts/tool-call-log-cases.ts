import type { ToolCallLog } from '../../tools/index.js';
import { type ContractCase, demandEqual } from './contract-case.js';

const call = { callKey: 'run-1/Pay/#1', tool: 'pay', inputDigest: 'abc' };

/** What every `ToolCallLog` has to keep. @param make gives an empty one for each case */
export function toolCallLogCases(make: () => ToolCallLog | Promise<ToolCallLog>): readonly ContractCase[] {
  return [
    { name: 'knows nothing of a call that was never started', run: async () => knowsNothing(await make()) },
    { name: 'says of a started call that it is in flight', run: async () => inFlight(await make()) },
    { name: 'gives back what a call gave, with the digest of its input', run: async () => completed(await make()) },
    { name: 'keeps no result of a call that failed', run: async () => failed(await make()) },
    { name: 'keeps calls apart whose keys are almost the same', run: async () => keepsApart(await make()) },
  ];
}

async function knowsNothing(log: ToolCallLog): Promise<void> {
  demandEqual(await log.find(call.callKey), null, 'What is known of it');
}

async function inFlight(log: ToolCallLog): Promise<void> {
  await log.started(call);
  demandEqual(await log.find(call.callKey), { status: 'in-flight', inputDigest: 'abc' }, 'What is known of it');
}

async function completed(log: ToolCallLog): Promise<void> {
  const output = { paid: true, list: [1, null] };
  await log.started(call);
  await log.finished(call.callKey, { ok: true, output });
  const known = { status: 'completed', inputDigest: 'abc', output };
  demandEqual(await log.find(call.callKey), known, 'What is known of it');
}

/** Null or in flight: either way, nothing is taken for done. */
async function failed(log: ToolCallLog): Promise<void> {
  await log.started(call);
  await log.finished(call.callKey, { ok: false });
  const status = (await log.find(call.callKey))?.status ?? null;
  demandEqual(status === 'completed', false, 'That a call which failed counts as completed');
}

async function keepsApart(log: ToolCallLog): Promise<void> {
  const keys = ['run-1/Pay/#1', 'run-1/Pay/#10', 'run-1/pay/#1', 'run-1/Pay/=#1', 'run-1/Pay/#1 '];
  for (const callKey of keys) {
    await log.started({ ...call, callKey });
    await log.finished(callKey, { ok: true, output: callKey });
  }
  for (const callKey of keys) {
    demandEqual(
      await log.find(callKey),
      { status: 'completed', inputDigest: 'abc', output: callKey },
      `Call "${callKey}"`,
    );
  }
}
