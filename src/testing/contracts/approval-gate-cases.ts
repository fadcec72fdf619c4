import { AuthContext, OrgContext } from '../../auth/index.js';
import type { ApprovalGate, ApprovalOutcome, GatedCall } from '../../tools/index.js';
import { settle } from '../manual-clock.js';
import { type ContractCase, demand, demandEqual } from './contract-case.js';

/** A gate, and what decides on what it was asked. */
export interface ApprovalGateUnderTest {
  readonly gate: ApprovalGate;
  /** Makes somebody approve the open request for a call. */
  approve(call: GatedCall): unknown;
  /** Makes somebody deny the open request for a call. */
  deny(call: GatedCall): unknown;
}

/** What every `ApprovalGate` has to keep. @param make gives one without requests for each case */
export function approvalGateCases(
  make: () => ApprovalGateUnderTest | Promise<ApprovalGateUnderTest>,
): readonly ContractCase[] {
  return [
    { name: 'lets nothing through before somebody has decided', run: async () => waits(await make()) },
    { name: 'says who approved', run: async () => decided(await make(), 'approved') },
    { name: 'says who denied', run: async () => decided(await make(), 'denied') },
    { name: 'decides on one call alone', run: async () => oneAlone(await make()) },
    {
      name: 'lets go of a call whose run is cancelled, without approving it',
      run: async () => cancelled(await make()),
    },
    { name: 'approves nothing for a run that was cancelled before', run: async () => cancelledBefore(await make()) },
  ];
}

function callOf(runId: string): GatedCall {
  const auth = AuthContext.verified({ userId: 'ann', orgId: 'acme' });
  return {
    runId,
    callId: 'call-1',
    callKey: `${runId}/Pay/#1`,
    pipeline: 'shop',
    stage: 'Pay',
    tool: { name: 'pay', effect: 'irreversible', description: 'Pays.' },
    toolFingerprint: 'fingerprint',
    input: { amount: 1 },
    inputDigest: 'digest',
    auth,
    org: OrgContext.verified({ orgId: 'acme' }),
  };
}

const never = new AbortController().signal;
const PENDING = 'pending';

/** What a request has come to by now; a rejection counts as no approval. */
async function statusOf(
  request: Promise<ApprovalOutcome>,
): Promise<ApprovalOutcome['status'] | 'rejected' | typeof PENDING> {
  let status: ApprovalOutcome['status'] | 'rejected' | typeof PENDING = PENDING;
  request.then(
    (outcome) => {
      status = outcome.status;
    },
    () => {
      status = 'rejected';
    },
  );
  await settle();
  return status;
}

async function waits({ gate, deny }: ApprovalGateUnderTest): Promise<void> {
  const call = callOf('run-1');
  const request = gate.request(call, never);
  demand((await statusOf(request)) === PENDING, 'A call is answered before anybody has decided.');
  await deny(call);
  await request;
}

async function decided({ gate, approve, deny }: ApprovalGateUnderTest, status: 'approved' | 'denied'): Promise<void> {
  const call = callOf('run-1');
  const request = gate.request(call, never);
  await settle();
  await (status === 'approved' ? approve(call) : deny(call));
  const outcome = await request;
  demandEqual(outcome.status, status, 'The answer');
  demand(outcome.requestId !== '', 'The request has no id.');
  demand('decidedBy' in outcome && outcome.decidedBy !== '', 'Nobody knows who decided.');
}

async function oneAlone({ gate, approve, deny }: ApprovalGateUnderTest): Promise<void> {
  const [first, second] = [callOf('run-1'), callOf('run-2')];
  const requests = [gate.request(first, never), gate.request(second, never)] as const;
  await settle();
  await approve(first);
  demandEqual((await requests[0]).status, 'approved', 'The answer');
  demand((await statusOf(requests[1])) === PENDING, 'A call is answered by a decision about another.');
  await deny(second);
  await requests[1];
}

async function cancelled({ gate }: ApprovalGateUnderTest): Promise<void> {
  const controller = new AbortController();
  const request = gate.request(callOf('run-1'), controller.signal);
  request.catch(() => {});
  await settle();
  controller.abort(new Error('enough'));
  await settle();
  const status = await statusOf(request);
  demand(status !== PENDING, 'A call of a cancelled run waits still.');
  demand(status !== 'approved', 'A call of a cancelled run is approved.');
}

async function cancelledBefore({ gate }: ApprovalGateUnderTest): Promise<void> {
  const request = gate.request(callOf('run-1'), AbortSignal.abort(new Error('enough')));
  const status = await request.then(
    (outcome) => outcome.status,
    () => 'rejected',
  );
  demand(status !== 'approved', 'A call of a cancelled run is approved.');
}
