import { describe, expect, it } from 'vitest';
import { Access, type AccessRule, PrincipalKind } from '../../../src/auth/index.js';
import { SharedRules } from '../../../src/run/shared-rules.js';

/** Whether the second list would be decided as the first. */
function areOne(first: readonly AccessRule[], second: readonly AccessRule[]): boolean {
  const shared = new SharedRules();
  return shared.of(first) === shared.of(second);
}

describe('lists of access rules', () => {
  it.each<[string, AccessRule[], AccessRule[]]>([
    ['roles', [Access.anyRole('a', 'b')], [Access.anyRole('a', 'b')]],
    [
      'a plan and a feature',
      [Access.planOneOf('pro'), Access.feature('x')],
      [Access.planOneOf('pro'), Access.feature('x')],
    ],
    ['any caller', [Access.authenticated()], [Access.authenticated()]],
  ])('are one where they say the same: %s', (_, first, second) => {
    expect(areOne(first, second)).toBe(true);
  });

  const policy = Access.policy({ decide: () => true });
  it.each<[string, AccessRule[], AccessRule[]]>([
    ['other names', [Access.anyRole('a')], [Access.anyRole('b')]],
    ['one name that reads like two', [Access.anyRole('a', 'b')], [Access.anyRole('a,1:b')]],
    ['any and all', [Access.anyRole('a', 'b')], [Access.allRoles('a', 'b')]],
    ['roles and scopes', [Access.anyRole('a')], [Access.anyScope('a')]],
    ['any caller and some', [Access.authenticated()], [Access.authenticated(PrincipalKind.User)]],
    ['one rule and two', [Access.authenticated()], [Access.authenticated(), Access.authenticated()]],
    ['the same policy', [policy], [policy]],
    ['what is no rule', [{ rule: 'other' } as unknown as AccessRule], [{ rule: 'other' } as unknown as AccessRule]],
  ])('stay apart: %s', (_, first, second) => {
    expect(areOne(first, second)).toBe(false);
  });

  it('stay apart whatever a rule wants to be written as', () => {
    const pretender = { ...Access.anyRole('admin'), toJSON: () => ({ rule: 'public' }) };
    expect(areOne([Access.public()], [pretender])).toBe(false);
    const refusing = new Proxy(Access.public() as object, {
      get: () => {
        throw new Error('refuses');
      },
    }) as AccessRule;
    expect(areOne([refusing], [refusing, refusing])).toBe(false);
  });
});
