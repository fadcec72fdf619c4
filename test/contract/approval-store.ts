import { beforeEach, describe, expect, it } from 'vitest';
import type { ApprovalDecision, ApprovalRequest, ApprovalStore } from '../../src/approvals/index.js';

const NOW = 1_000_000;

export function approvalRequest(changes: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'r1',
    tenant: 'acme',
    runId: 'run',
    callId: 'c1',
    callKey: 'stage/=c1',
    round: 1,
    pipeline: 'p',
    stage: 'stage',
    tool: { name: 'pay', effect: 'irreversible', description: 'Pays.' },
    toolFingerprint: 'f',
    input: { amount: 5, to: 'ü/~"' },
    inputDigest: 'd',
    requestedBy: { kind: 'user', id: 'ann' },
    requestedAt: NOW,
    expiresAt: NOW + 1_000,
    status: 'pending',
    decision: null,
    usedAt: null,
    usedBy: null,
    ...changes,
  };
}

const decision = (changes: Partial<ApprovalDecision> = {}): ApprovalDecision => ({
  by: { kind: 'user', id: 'bob' },
  via: 'identity',
  at: NOW + 10,
  reason: null,
  edit: null,
  ...changes,
});

/** The suite that every `ApprovalStore` passes. `make` gives an empty store each time. */
export function approvalStoreContract(name: string, make: () => Promise<ApprovalStore> | ApprovalStore): void {
  describe(`${name} as a store of approval requests`, () => {
    let store: ApprovalStore;
    beforeEach(async () => {
      store = await make();
    });

    it('gives back what it was given, whatever becomes of that later', async () => {
      const request = approvalRequest();
      expect(await store.add(request)).toBe(true);
      (request.input as { amount: number }).amount = 500;
      expect(await store.find('r1')).toEqual(approvalRequest());
      expect(await store.latest('acme', 'run', 'stage/=c1')).toEqual(approvalRequest());
      expect(await store.find('r2')).toBeNull();
    });

    it('takes each round of a call once, from one of many', async () => {
      const added = await Promise.all(
        Array.from({ length: 10 }, (_, index) => store.add(approvalRequest({ id: `r${index}` }))),
      );
      expect(added.filter(Boolean)).toHaveLength(1);
      expect(await store.add(approvalRequest({ id: 'next', round: 2 }))).toBe(true);
      expect((await store.latest('acme', 'run', 'stage/=c1'))?.id).toBe('next');
    });

    it('tells the calls of tenants apart, that of no tenant included', async () => {
      expect(await store.add(approvalRequest())).toBe(true);
      expect(await store.add(approvalRequest({ id: 'other', tenant: 'umbrella' }))).toBe(true);
      expect(await store.add(approvalRequest({ id: 'none', tenant: null }))).toBe(true);
      expect(await store.add(approvalRequest({ id: 'none2', tenant: null }))).toBe(false);
      expect((await store.latest(null, 'run', 'stage/=c1'))?.id).toBe('none');
      expect((await store.latest('umbrella', 'run', 'stage/=c1'))?.id).toBe('other');
    });

    it('lets one of many settle a request, for good', async () => {
      await store.add(approvalRequest());
      const statuses = ['approved', 'denied', 'cancelled', 'expired'] as const;
      const settled = await Promise.all(statuses.map((status) => store.settle('r1', status, decision(), NOW)));
      expect(settled.filter(Boolean)).toHaveLength(1);
      const ended = await store.find('r1');
      expect(ended?.status).toBe(statuses[settled.indexOf(true)]);
      for (const status of statuses) expect(await store.settle('r1', status, decision({ reason: 'late' }))).toBe(false);
      expect(await store.find('r1')).toEqual(ended);
      expect(await store.settle('nobody', 'approved', decision())).toBe(false);
    });

    it('settles nothing that has expired, unless that is what is said', async () => {
      await store.add(approvalRequest());
      expect(await store.settle('r1', 'approved', decision(), NOW + 1_000)).toBe(false);
      expect(await store.settle('r1', 'expired', decision({ by: null, via: 'system' }))).toBe(true);
    });

    it('lets one of many use an approval, once, while it holds', async () => {
      await store.add(approvalRequest());
      expect(await store.use('r1', NOW, 'p1', null)).toBe(false);
      await store.settle('r1', 'approved', decision({ edit: { input: { amount: 1 }, digest: 'e' } }), NOW);
      expect(await store.use('r1', NOW + 1_000, 'p1', null)).toBe(false);
      const used = await Promise.all(Array.from({ length: 10 }, () => store.use('r1', NOW + 20, 'p1', null)));
      expect(used.filter(Boolean)).toHaveLength(1);
      expect(await store.find('r1')).toMatchObject({ usedAt: NOW + 20, decision: { edit: { input: { amount: 1 } } } });
    });

    it('hands a used approval on only from the one who used it, to one', async () => {
      await store.add(approvalRequest());
      await store.settle('r1', 'approved', decision(), NOW);
      expect(await store.use('r1', NOW, 'p2', 'p1')).toBe(false);
      expect(await store.use('r1', NOW, 'p1', null)).toBe(true);
      expect(await store.use('r1', NOW, 'p3', 'p2')).toBe(false);
      const used = await Promise.all(Array.from({ length: 10 }, () => store.use('r1', NOW + 20, 'p2', 'p1')));
      expect(used.filter(Boolean)).toHaveLength(1);
      expect(await store.find('r1')).toMatchObject({ usedAt: NOW + 20, usedBy: 'p2' });
      expect(await store.use('r1', NOW + 1_000, 'p3', 'p2')).toBe(false);
    });

    it.each(['denied', 'expired', 'cancelled'] as const)('never lets a request be used that is %s', async (status) => {
      await store.add(approvalRequest());
      await store.settle('r1', status, decision());
      expect(await store.use('r1', NOW, 'p1', null)).toBe(false);
    });

    it('tells what is not pending any more, gone ones included', async () => {
      await store.add(approvalRequest());
      await store.add(approvalRequest({ id: 'r2', callKey: 'two' }));
      await store.settle('r2', 'denied', decision());
      const many = Array.from({ length: 1_200 }, (_, index) => `gone${index}`);
      expect(await store.settled(['r1', 'r2', ...many])).toEqual(['r2', ...many]);
      expect(await store.settled([])).toEqual([]);
    });

    it('gives what is pending in one tenant, in pages, oldest first', async () => {
      for (let index = 0; index < 5; index++) {
        const request = approvalRequest({ id: `r${index}`, callKey: `k${index}`, requestedAt: NOW + (index % 2) });
        await store.add(index === 4 ? { ...request, requestedBy: { kind: 'user', id: 'eve' } } : request);
      }
      await store.add(approvalRequest({ id: 'x', tenant: 'umbrella' }));
      await store.add(approvalRequest({ id: 'done', callKey: 'done' }));
      await store.settle('done', 'approved', decision());
      const first = await store.pending({ tenant: 'acme', limit: 3 });
      expect(first.map(({ id }) => id)).toEqual(['r0', 'r2', 'r4']);
      const last = first[2] as ApprovalRequest;
      expect((await store.pending({ tenant: 'acme', limit: 3, after: last })).map(({ id }) => id)).toEqual([
        'r1',
        'r3',
      ]);
      const ann = { kind: 'user', id: 'ann' };
      expect(await store.pending({ tenant: 'acme', limit: 9, requestedBy: ann })).toHaveLength(4);
      expect(
        await store.pending({ tenant: 'acme', limit: 9, requestedBy: { ...ann, kind: 'service-account' } }),
      ).toEqual([]);
      expect(await store.pending({ tenant: null, limit: 9 })).toEqual([]);
    });

    it('forgets what ended before, and what nobody answered', async () => {
      await store.add(approvalRequest());
      await store.settle('r1', 'denied', decision());
      await store.add(approvalRequest({ id: 'r2', callKey: 'two' }));
      expect(await store.purge(NOW + 10)).toBe(0);
      expect(await store.purge(NOW + 11)).toBe(1);
      expect(await store.find('r2')).not.toBeNull();
      expect(await store.purge(NOW + 1_001)).toBe(1);
      expect(await store.latest('acme', 'run', 'two')).toBeNull();
      expect(await store.add(approvalRequest())).toBe(true);
    });
  });
}
