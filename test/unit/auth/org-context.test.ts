import { describe, expect, it } from 'vitest';
import {
  OrgContext,
  type OwnedResource,
  TenantAccessDeniedError,
  TenantGuard,
  type TenantMode,
} from '../../../src/auth/index.js';

const acme = OrgContext.verified({ orgId: 'acme', planTier: 'pro', features: ['export', 'export'] });

function denialOf(use: () => unknown): TenantAccessDeniedError | undefined {
  try {
    use();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(TenantAccessDeniedError);
    return error as TenantAccessDeniedError;
  }
}

describe('an organisation', () => {
  it('is its own tenant unless it is said to be in another one', () => {
    expect([acme.tenantId, OrgContext.verified({ orgId: 'a', tenantId: 't' }).tenantId]).toEqual(['acme', 't']);
  });

  it('knows its plan and features', () => {
    expect([acme.planTier, acme.features, acme.hasFeature('export'), acme.hasFeature('exp')]).toEqual([
      'pro',
      ['export'],
      true,
      false,
    ]);
    expect(JSON.parse(JSON.stringify(acme))).toEqual({
      orgId: 'acme',
      tenantId: 'acme',
      planTier: 'pro',
      features: ['export'],
    });
  });

  it('cannot be forged or changed', () => {
    expect([OrgContext.is(acme), OrgContext.is({ ...acme }), OrgContext.is(Object.create(acme))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(() => Object.assign(acme, { orgId: 'other' })).toThrow(TypeError);
    expect(() => (acme.features as string[]).push('x')).toThrow(TypeError);
  });

  it.each<[string, object]>([
    ['orgId', { orgId: 42 }],
    ['orgId', { orgId: '' }],
    ['tenantId', { orgId: 'a', tenantId: [] }],
    ['planTier', { planTier: 1 }],
    ['features', { features: 'export' }],
    ['init', null as never],
  ])('is not made with %s of %o', (field, init) => {
    expect(() => OrgContext.verified(init)).toThrow(
      expect.objectContaining({ code: 'AUTH_IDENTITY_INVALID', details: { field } }),
    );
  });

  it('is asked for its id by what cannot do without', () => {
    expect(acme.requireOrgId()).toBe('acme');
    expect(denialOf(() => OrgContext.none.requireOrgId())).toMatchObject({
      code: 'TENANT_ACCESS_DENIED',
      reason: 'no-org',
    });
  });
});

const hostile = {
  get orgId(): string {
    throw new Error('acme');
  },
};
const wavering = () => {
  let reads = 0;
  return {
    get orgId() {
      reads += 1;
      return reads === 1 ? 'other' : 'acme';
    },
  };
};

describe('a resource is used by its own organisation only', () => {
  it.each<[string, unknown]>([
    ['its id', 'acme'],
    ['a record', { orgId: 'acme', title: 'x' }],
    ['a record that is not shared', { orgId: 'acme', shared: false }],
    ['a shared record of its own', { orgId: 'acme', shared: true }],
    ['a shared record of another organisation', { orgId: 'other', shared: true }],
    ['a shared record of nobody', { orgId: null, shared: true }],
    ['a shared record that names nobody', { shared: true }],
  ])('which may use %s', (_, resource) => {
    expect(acme.owns(resource as OwnedResource)).toBe(true);
    expect(denialOf(() => acme.assertOwns(resource as OwnedResource))).toBe(undefined);
  });

  it.each<[string, unknown, string]>([
    ['the id of another', 'other', 'other-org'],
    ['the id of another, written larger', 'ACME', 'other-org'],
    ['a longer id', 'acme ', 'other-org'],
    ['a record of another', { orgId: 'other' }, 'other-org'],
    ['a record that changes its mind', wavering(), 'other-org'],
    ['the empty id', '', 'unowned'],
    ['a record of nobody', { orgId: null }, 'unowned'],
    ['a record with the empty id', { orgId: '' }, 'unowned'],
    ['a record that names nobody', { title: 'x' }, 'unowned'],
    ['a record shared by a word', { orgId: 'other', shared: 'true' }, 'unreadable'],
    ['a record shared by a number', { orgId: 'other', shared: 1 }, 'unreadable'],
    ['a number as id', { orgId: 42 }, 'unreadable'],
    ['a list of ids', { orgId: ['acme'] }, 'unreadable'],
    ['an id that turns into its own', { orgId: { toString: () => 'acme' } }, 'unreadable'],
    ['nothing', undefined, 'unreadable'],
    ['null', null, 'unreadable'],
    ['a number', 42, 'unreadable'],
    ['a record that refuses to be read', hostile, 'unreadable'],
  ])('which may not use %s', (_, resource, reason) => {
    expect(denialOf(() => acme.assertOwns(resource as OwnedResource))).toMatchObject({
      code: 'TENANT_ACCESS_DENIED',
      reason,
    });
  });

  it('whichever way it is asked', () => {
    expect([acme.owns('other'), acme.owns({ orgId: 'other' }), acme.owns({ orgId: null })]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each<[string, unknown]>([
    ['of an organisation', { orgId: 'acme' }],
    ['of nobody', { orgId: null }],
    ['that is shared', { orgId: 'acme', shared: true }],
    ['whose id is the empty text', ''],
    ['that cannot be read', null],
  ])('so that a caller without one uses none: %s', (_, resource) => {
    expect(denialOf(() => OrgContext.none.assertOwns(resource as never))?.reason).toBe('no-org');
  });

  it('and a denial says what was reached for, never whose it is', () => {
    const denial = denialOf(() => acme.assertOwns({ orgId: 'globex' }, 'the invoice'));
    expect(denial?.summary).toBe('Access to the invoice is denied: it belongs to another organisation.');
    expect(JSON.stringify(denial)).not.toMatch(/globex|acme/);
  });
});

describe('a tenant guard', () => {
  it('throws by default, and in any mode but "record"', () => {
    for (const mode of [undefined, 'strict', 'RECORD', null] as (TenantMode | undefined)[]) {
      const guard = new TenantGuard(acme, mode === undefined ? {} : { mode });
      expect(guard.check({ orgId: 'acme' })).toBe(true);
      expect(denialOf(() => guard.check({ orgId: 'other' }, 'the draft'))).toMatchObject({ reason: 'other-org' });
      expect(guard.violations).toEqual([{ reason: 'other-org', subject: 'the draft' }]);
    }
  });

  it('in mode "record" says no, and keeps a list', () => {
    const guard = new TenantGuard(acme, { mode: 'record' });
    expect([guard.check('other', 'the draft'), guard.check('acme'), guard.check({ orgId: null })]).toEqual([
      false,
      true,
      false,
    ]);
    expect(guard.violations).toEqual([
      { reason: 'other-org', subject: 'the draft' },
      { reason: 'unowned', subject: 'the resource' },
    ]);
  });

  it('knows nothing of the guards of other runs, and its list cannot be changed', async () => {
    const guards = ['a', 'b', 'c'].map((orgId) => new TenantGuard(OrgContext.verified({ orgId }), { mode: 'record' }));
    const answers = await Promise.all(
      guards.map(async (guard) => ['a', 'b', 'c'].map((orgId) => guard.check({ orgId }, orgId))),
    );
    expect(answers).toEqual([
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    expect(guards.map(({ violations }) => violations.map(({ subject }) => subject))).toEqual([
      ['b', 'c'],
      ['a', 'c'],
      ['a', 'b'],
    ]);
    (guards[0]!.violations as unknown[]).length = 0;
    expect(guards[0]!.violations).toHaveLength(2);
  });

  it('for a caller without organisation lets nothing through', () => {
    const guard = new TenantGuard(OrgContext.none, { mode: 'record' });
    expect([guard.check('acme'), guard.check({ shared: true })]).toEqual([false, false]);
  });
});
