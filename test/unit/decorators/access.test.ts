import { describe, expect, it } from 'vitest';
import {
  Public,
  RequireAccess,
  RequireAuth,
  RequireFeature,
  RequirePlan,
  RequirePolicy,
  RequireRoles,
  RequireScopes,
} from '../../../decorators/index.js';
import { Access } from '../../../src/auth/index.js';
import { accessRulesOf } from '../../../src/metadata/index.js';
import { problemOf, problemsOf, untyped } from './problems-of.js';

class OwnBudget {
  decide() {
    return true;
  }
}

describe('access decorators', () => {
  it('add up on one class, from top to bottom', () => {
    @RequireAuth('user')
    @RequireRoles('admin', 'owner')
    @RequireScopes('read', 'write')
    @RequireFeature('exports', 'audit')
    @RequirePlan('pro', 'enterprise')
    @RequirePolicy(OwnBudget)
    @RequireAccess(Access.allRoles('x', 'y'))
    class Refund {}
    expect(accessRulesOf(Refund)).toEqual([
      Access.authenticated('user'),
      Access.anyRole('admin', 'owner'),
      Access.allScopes('read', 'write'),
      Access.feature('exports'),
      Access.feature('audit'),
      Access.planOneOf('pro', 'enterprise'),
      Access.policy(OwnBudget),
      Access.allRoles('x', 'y'),
    ]);
  });

  it('are inherited: a subclass adds, and lifts nothing but plain authentication by name', () => {
    @RequireAuth()
    @RequireRoles('admin')
    class Base {}
    class Same extends Base {}
    @Public()
    class Open extends Base {}
    @Public()
    class Free {}
    @RequireRoles('admin')
    class Closed extends Free {}
    expect(accessRulesOf(Same)).toEqual([Access.authenticated(), Access.anyRole('admin')]);
    expect(accessRulesOf(Open)).toEqual([Access.anyRole('admin'), Access.public()]);
    expect(accessRulesOf(Closed)).toEqual([Access.anyRole('admin')]);
    expect(accessRulesOf(class {})).toEqual([]);
  });

  it('refuse what is no rule, when the class is loaded', () => {
    const invalid = (decorate: () => unknown) => problemOf('AUTH_OPTION_INVALID', decorate).message;
    expect(invalid(() => (untyped(RequireRoles) as any)('')(class Refund {}))).toContain('@RequireRoles on "Refund"');
    expect(invalid(() => (untyped(RequireRoles) as any)()(class {}))).toContain('needs at least one name');
    expect(invalid(() => (untyped(RequireAuth) as any)('anonymous')(class {}))).toContain('kind');
    expect(invalid(() => (untyped(RequirePlan) as any)()(class {}))).toContain('plan');
    expect(invalid(() => (untyped(RequirePolicy) as any)(class {})(class {}))).toContain('decide()');
    expect(invalid(() => (untyped(RequireAccess) as any)({ rule: 'everyone' })(class {}))).toContain('no known kind');
    for (const empty of [RequireFeature, RequirePolicy, RequireAccess]) {
      expect(problemOf('METADATA_OPTION_INVALID', () => (untyped(empty) as any)()(class {})).message).toContain(
        'names nothing',
      );
    }
    expect(problemsOf(() => RequireAuth()(untyped(() => {})))[0]?.message).toContain('does not stand on a class');
  });
});
