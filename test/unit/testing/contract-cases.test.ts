import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileArtifactStore, MemoryArtifactStore } from '../../../src/artifacts/index.js';
import { AuthContext, AuthError, type TokenVerifier } from '../../../src/auth/index.js';
import { ClaimMappings, JwtVerifier } from '../../../src/auth/jwt/index.js';
import { CallbackSink, type EventSink, MemorySink } from '../../../src/events/index.js';
import { type IdempotencyStore, MemoryIdempotencyStore } from '../../../src/interceptors/index.js';
import {
  type ContractCase,
  contractCases,
  defineContract,
  EventRecorder,
  ManualClock,
  Test,
} from '../../../src/testing/index.js';
import type { ApprovalGate, ApprovalOutcome, ToolCallIdentity } from '../../../src/tools/index.js';
import { CallLog } from '../tools/call-log.js';

const framework = { describe, it };
const folder = mkdtempSync(join(tmpdir(), 'stageflow-contract-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let folders = 0;

/** What a broken implementation is told, by case. */
async function complaints(cases: readonly ContractCase[]): Promise<readonly string[]> {
  const results = await Promise.allSettled(cases.map(({ run }) => run()));
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason.message as string] : []));
}

function memoryStore() {
  const clock = new ManualClock();
  return { store: new MemoryIdempotencyStore({ clock }), advance: (ms: number) => clock.advance(ms) };
}

const joined = ({ tenant, runId, callKey }: ToolCallIdentity) => ({
  ...{ tenant, runId: '', callKey: `${runId}/${callKey}` },
});

class Desk implements ApprovalGate {
  readonly #open = new Map<string, (outcome: ApprovalOutcome) => void>();
  request({ callKey }: Parameters<ApprovalGate['request']>[0], signal: AbortSignal) {
    const requestId = callKey;
    return new Promise<ApprovalOutcome>((resolve) => {
      const cancel = (): void => resolve({ status: 'cancelled', requestId, reason: 'the run was cancelled' });
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      this.#open.set(callKey, resolve);
    });
  }
  decide(callKey: string, outcome: ApprovalOutcome): void {
    this.#open.get(callKey)?.(outcome);
  }
}
function desk() {
  const gate = new Desk();
  const by = { requestId: 'r', decidedBy: 'bob' } as const;
  return {
    gate,
    approve: ({ callKey }: { callKey: string }) => gate.decide(callKey, { status: 'approved', ...by }),
    deny: ({ callKey }: { callKey: string }) => gate.decide(callKey, { status: 'denied', reason: 'no', ...by }),
  };
}

const tokens = Test.tokens();
const valid = ['ann', 'bob'].map((sub) => ({ token: tokens.sign({ sub }), principalId: sub }));
const refused = [
  tokens.sign({ sub: 'ann', exp: 1 }),
  Test.tokens().sign({ sub: 'ann' }),
  tokens.sign({ sub: undefined }),
];
const verifierOf = (verifier: TokenVerifier) => ({ verifier, valid: valid as never, refused });

describe('the contracts hold for what comes with stageflow', () => {
  defineContract('an idempotency store', contractCases.idempotencyStore(memoryStore), framework);
  defineContract(
    'artifacts in memory',
    contractCases.artifactStore(() => new MemoryArtifactStore()),
    framework,
  );
  const inFolder = () => new FileArtifactStore(join(folder, String(folders++)));
  defineContract('artifacts in files', contractCases.artifactStore(inFolder), framework);
  for (const sink of [MemorySink, EventRecorder]) {
    defineContract(
      sink.name,
      contractCases.eventSink(() => new sink()),
      framework,
    );
  }
  const jwt = () => verifierOf(new JwtVerifier({ ...tokens.trust, claims: ClaimMappings.oidc() }));
  defineContract('a verifier of JWTs', contractCases.tokenVerifier(jwt), framework);
  defineContract(
    'a log of tool calls',
    contractCases.toolCallLog(() => new CallLog()),
    framework,
  );
  defineContract('an approval gate', contractCases.approvalGate(desk), framework);
  defineContract(
    'an interceptor',
    contractCases.interceptor(() => ({ intercept: (_ctx, next) => next() })),
    framework,
  );
});

describe('the contracts find what is broken', () => {
  it('in a store that gives a key twice, or never ends a lease', async () => {
    const forgetful: IdempotencyStore = {
      claim: async () => ({ state: 'claimed', owner: '1' }),
      complete: async () => {},
      release: async () => {},
    };
    const found = await complaints(contractCases.idempotencyStore(() => ({ store: forgetful, advance: () => {} })));
    expect(found).toContain(
      "The answer should be { state: 'done', data: { amount: 1, list: [ 1 ] } }, but is { state: 'claimed', owner: '1' }.",
    );
    const frozen = () => ({ store: new MemoryIdempotencyStore({ clock: new ManualClock() }), advance: () => {} });
    expect(await complaints(contractCases.idempotencyStore(frozen))).toHaveLength(2);
  });

  it('in a store of artifacts that does not tell tenants apart', async () => {
    const store = new MemoryArtifactStore();
    const oneForAll = { forTenant: () => store.forTenant('all') };
    expect((await complaints(contractCases.artifactStore(() => oneForAll as never))).length).toBeGreaterThan(0);
  });

  it('in a sink that throws, at once or later', async () => {
    const json = new CallbackSink((event) => void JSON.stringify(event));
    expect(await complaints(contractCases.eventSink(() => json))).toEqual([expect.stringContaining('The sink threw')]);
    const later: EventSink = { emit: async () => Promise.reject(new Error('disk full')) };
    expect((await complaints(contractCases.eventSink(() => later)))[0]).toBe('The sink threw disk full.');
  });

  it('in a verifier that believes anybody, tells the token, or makes look-alikes', async () => {
    const ann = AuthContext.verified({ userId: 'ann' });
    const gullible = verifierOf({ verify: () => ({ auth: ann }) });
    expect(await complaints(contractCases.tokenVerifier(() => gullible))).toContain('refused[0] is accepted, as ann.');
    const loose: TokenVerifier = {
      verify: (token) => {
        const known = valid.find((each) => each.token === token);
        if (known === undefined) throw new Error(token);
        return { auth: { ...AuthContext.verified({ userId: known.principalId }) } as AuthContext };
      },
    };
    const found = await complaints(contractCases.tokenVerifier(() => verifierOf(loose)));
    expect(found).toContain('The identity was not made with AuthContext.verified.');
    expect(found).toContain('refused[0] is refused with something that is no AuthError.');
    expect(AuthError).toBeDefined();
  });

  it('in a log that takes a failed call for done, and a gate that approves by itself or never lets go', async () => {
    class Eager extends CallLog {
      override finished(call: ToolCallIdentity, result: { readonly ok: boolean; readonly output?: unknown }) {
        return super.finished(call, { ...result, ok: true });
      }
    }
    expect(await complaints(contractCases.toolCallLog(() => new Eager()))).toHaveLength(1);
    class Joining extends CallLog {
      override find(call: ToolCallIdentity) {
        return super.find(joined(call));
      }
      override started(call: Parameters<CallLog['started']>[0]) {
        return super.started({ ...call, ...joined(call) });
      }
      override finished(call: ToolCallIdentity, result: Parameters<CallLog['finished']>[1]) {
        return super.finished(joined(call), result);
      }
    }
    expect(await complaints(contractCases.toolCallLog(() => new Joining()))).toHaveLength(1);
    const open: ApprovalGate = { request: async () => ({ status: 'approved', requestId: 'r', decidedBy: 'nobody' }) };
    const waved = await complaints(contractCases.approvalGate(() => ({ ...desk(), gate: open })));
    expect(waved).toContain('A call is answered before anybody has decided.');
    expect(waved).toContain('A call of a cancelled run is approved.');
  });
});
