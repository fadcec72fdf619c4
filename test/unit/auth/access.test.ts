import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  Access,
  type AccessDecision,
  AccessDenial,
  AccessDeniedError,
  type AccessPolicy,
  type AccessRequest,
  type AccessRule,
  AuthContext,
  accessDenied,
  accessRuleProblems,
  combineRules,
  type DecideOptions,
  decideAccess,
  OrgContext,
} from '../../../src/auth/index.js';

const { anonymous } = AuthContext;
const ann = AuthContext.verified({
  userId: 'ann',
  orgId: 'acme',
  roles: ['editor', 'author'],
  scopes: ['read', 'write'],
});
const job = AuthContext.verified({ kind: 'service-account', clientId: 'job', scopes: ['run'] });
const acme = OrgContext.verified({ orgId: 'acme', planTier: 'pro', features: ['export'] });

const request = (auth: AuthContext, org = acme, resource?: unknown): AccessRequest => ({
  auth,
  org,
  subject: 'stage "Refund"',
  resource,
});
/** The decision, which must be there at once. */
function decide(rules: readonly AccessRule[], auth = ann, org = acme, options: DecideOptions = {}): AccessDecision {
  const decision = decideAccess(rules, request(auth, org), options);
  expect(decision).not.toBeInstanceOf(Promise);
  return decision as AccessDecision;
}
const reason = (...args: Parameters<typeof decide>) => decide(...args).reason;

describe('a rule holds for whoever has what it asks for', () => {
  it.each<[string, AccessRule, AuthContext]>([
    ['public', Access.public(), anonymous],
    ['public, for a user', Access.public(), ann],
    ['authenticated, for a user', Access.authenticated(), ann],
    ['authenticated, for a machine', Access.authenticated(), job],
    ['only users', Access.authenticated('user'), ann],
    ['only machines', Access.authenticated('service-account'), job],
    ['either', Access.authenticated('user', 'service-account'), job],
    ['any role', Access.anyRole('admin', 'editor'), ann],
    ['all roles', Access.allRoles('author', 'editor'), ann],
    ['any scope', Access.anyScope('admin', 'read'), ann],
    ['all scopes', Access.allScopes('read', 'write'), ann],
    ['a scope, for a machine', Access.anyScope('run'), job],
    ['a feature', Access.feature('export'), ann],
    ['one of some plans', Access.planOneOf('pro', 'enterprise'), ann],
    ['the least plan', Access.planAtLeast('pro', ['free', 'pro', 'enterprise']), ann],
    ['a lower plan than there is', Access.planAtLeast('free', ['free', 'pro', 'enterprise']), ann],
  ])('%s', (_, rule, auth) => {
    expect(decide([rule], auth)).toEqual({ allowed: true, rule: null, reason: null, missing: [], anyOf: false });
  });
});

describe('a rule denies whoever lacks it, and says what is missing', () => {
  it.each<[string, AccessRule, AuthContext, AccessDenial, string[]]>([
    ['authenticated', Access.authenticated(), anonymous, 'not-authenticated', []],
    ['only users', Access.authenticated('user'), job, 'wrong-kind', ['user']],
    ['only machines', Access.authenticated('service-account'), ann, 'wrong-kind', ['service-account']],
    ['any role', Access.anyRole('admin', 'owner'), ann, 'missing-role', ['admin', 'owner']],
    ['all roles', Access.allRoles('editor', 'admin'), ann, 'missing-role', ['admin']],
    ['a role, by part of its name', Access.anyRole('edit'), ann, 'missing-role', ['edit']],
    ['a role, in other letters', Access.anyRole('Editor'), ann, 'missing-role', ['Editor']],
    ['a role that is a scope', Access.anyRole('read'), ann, 'missing-role', ['read']],
    ['a scope', Access.anyScope('admin'), ann, 'missing-scope', ['admin']],
    ['a scope that is a role', Access.anyScope('editor'), ann, 'missing-scope', ['editor']],
    ['all scopes', Access.allScopes('read', 'purge', 'admin'), ann, 'missing-scope', ['purge', 'admin']],
    ['a feature', Access.feature('sso'), ann, 'missing-feature', ['sso']],
    ['another plan', Access.planOneOf('enterprise'), ann, 'wrong-plan', ['enterprise']],
    [
      'a higher plan',
      Access.planAtLeast('enterprise', ['free', 'pro', 'enterprise']),
      ann,
      'wrong-plan',
      ['enterprise'],
    ],
    ['a plan that is not in the order', Access.planAtLeast('gold', ['free', 'pro']), ann, 'wrong-plan', []],
    ['a role, of an anonymous caller', Access.anyRole('editor'), anonymous, 'not-authenticated', []],
    ['a feature, of an anonymous caller', Access.feature('export'), anonymous, 'not-authenticated', []],
    ['a plan, of an anonymous caller', Access.planOneOf('pro'), anonymous, 'not-authenticated', []],
  ])('%s', (_, rule, auth, denial, missing) => {
    expect(decide([rule], auth)).toMatchObject({ allowed: false, rule, reason: denial, missing });
  });

  it('a caller without organisation has no plan and no feature', () => {
    expect(reason([Access.feature('export')], ann, OrgContext.none)).toBe('missing-feature');
    expect(reason([Access.planOneOf('pro')], ann, OrgContext.none)).toBe('wrong-plan');
    expect(reason([{ rule: 'plan', oneOf: [null] } as never], ann, OrgContext.none)).toBe('wrong-plan');
  });

  it('all rules must hold; the first that does not decides', () => {
    expect(decide([Access.anyRole('editor'), Access.feature('export')]).allowed).toBe(true);
    expect(reason([Access.anyRole('editor'), Access.feature('sso'), Access.anyRole('admin')])).toBe('missing-feature');
  });

  it('public lifts nothing but that the caller must be recognised', () => {
    expect(reason([Access.public(), Access.anyRole('editor')], anonymous)).toBe('not-authenticated');
    expect(reason([Access.authenticated(), Access.public()], anonymous)).toBe('not-authenticated');
    expect(reason([Access.public(), Access.anyRole('admin')], ann)).toBe('missing-role');
  });
});

describe('what cannot be understood denies', () => {
  it.each<[string, unknown]>([
    ['no rules', []],
    ['no list', undefined],
    ['null', null],
    ['a text', 'public'],
    ['a rule alone', { rule: 'public' }],
  ])('%s', (_, rules) => {
    expect(reason(rules as never)).toBe('no-rule');
  });

  const revoked = Proxy.revocable({ rule: 'public' } as object, {});
  revoked.revoke();
  it.each<[string, unknown]>([
    ['an unknown rule', { rule: 'allow' }],
    ['a rule in other letters', { rule: 'Public' }],
    ['no rule', {}],
    ['null', null],
    ['a text', 'public'],
    ['true', true],
    ['no names', { rule: 'roles', match: 'all', names: [] }],
    ['names that are a text', { rule: 'roles', match: 'any', names: 'editor' }],
    ['names that are absent', { rule: 'scopes', match: 'any' }],
    ['a match that is none', { rule: 'roles', match: 'some', names: ['editor'] }],
    ['no match', { rule: 'roles', names: ['editor'] }],
    ['a revoked proxy', revoked.proxy],
    [
      'a getter that throws',
      {
        get rule() {
          throw new Error('x');
        },
      },
    ],
  ])('%s', (_, rule) => {
    expect(reason([rule as AccessRule])).toBe('rule-invalid');
    expect(reason([Access.authenticated(), rule as AccessRule])).toBe('rule-invalid');
  });

  it.each<[string, unknown, AccessDenial]>([
    ['kinds that are a text', { rule: 'authenticated', kinds: 'user' }, 'wrong-kind'],
    ['no kinds', { rule: 'authenticated', kinds: [] }, 'wrong-kind'],
    ['plans that are a text', { rule: 'plan', oneOf: 'pro' }, 'wrong-plan'],
    ['a feature that is a list', { rule: 'feature', name: ['export'] }, 'missing-feature'],
  ])('%s', (_, rule, denial) => {
    expect(reason([rule as AccessRule])).toBe(denial);
  });

  it('and is found before anything runs', () => {
    const rules = [
      Access.public(),
      Access.anyRole('admin'),
      Access.policy({ decide: () => true }),
      Access.anyRole(...([] as never as [string])),
      Access.planAtLeast('gold', ['free', 'pro']),
      Access.feature(''),
      Access.authenticated('robot' as never),
      Access.policy(class {} as never),
      Access.policy(null as never),
      { rule: 'allow' },
      { rule: 'roles', match: 'some', names: ['a'] },
      'public',
    ];
    const problems = accessRuleProblems(rules, 'stage "Refund"');
    expect(problems.map(({ details }) => details.rule)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(problems[0]).toMatchObject({
      code: 'AUTH_OPTION_INVALID',
      message: 'Access rule 4 of stage "Refund" needs at least one name in roles.',
    });
  });
});

describe('a policy decides for itself', () => {
  const policy = (decide: (request: AccessRequest) => unknown) => Access.policy({ decide } as AccessPolicy);

  it('at once, or later', async () => {
    expect(decide([policy(() => true)]).allowed).toBe(true);
    expect(decide([policy(() => ({ allowed: true }))]).allowed).toBe(true);
    expect(reason([policy(() => false)])).toBe('policy-denied');
    expect(await decideAccess([policy(async () => true)], request(ann))).toMatchObject({ allowed: true });
    expect(await decideAccess([policy(async () => false)], request(ann))).toMatchObject({ reason: 'policy-denied' });
  });

  it('by who calls, for what, and on what', () => {
    const seen: AccessRequest[] = [];
    const rule = policy((given) => seen.push(given) > 0);
    const asked = request(ann, acme, { amount: 7 });
    expect(decideAccess([rule], asked)).toMatchObject({ allowed: true });
    expect(seen).toEqual([asked]);
  });

  it('only of callers that the other rules let through, and only until one denies', async () => {
    const asked: string[] = [];
    const note = (name: string, answer: boolean) =>
      policy(async () => {
        asked.push(name);
        return answer;
      });
    await decideAccess([note('a', true), Access.anyRole('admin')], request(ann));
    await decideAccess([note('b', true)], request(anonymous));
    await decideAccess([note('c', true), note('d', false), note('e', true)], request(ann));
    expect(asked).toEqual(['c', 'd']);
  });

  it('of anonymous callers where public stands beside it', () => {
    expect(decide([Access.public(), policy(() => true)], anonymous).allowed).toBe(true);
    expect(reason([Access.public(), policy(() => false)], anonymous)).toBe('policy-denied');
    expect(reason([policy(() => true)], anonymous)).toBe('not-authenticated');
  });

  it.each<[string, () => unknown]>([
    ['nothing', () => undefined],
    ['null', () => null],
    ['a number', () => 1],
    ['a text', () => 'true'],
    ['a list', () => [true]],
    ['an object', () => ({})],
    ['an object that nearly allows', () => ({ allowed: 'true' })],
    ['a Boolean object', () => new Boolean(true)],
    ['a function', () => () => true],
    [
      'a getter that throws',
      () => ({
        get allowed() {
          throw new Error('x');
        },
      }),
    ],
    [
      'a throw',
      () => {
        throw new Error('x');
      },
    ],
    [
      'a throw of nothing',
      () => {
        throw undefined;
      },
    ],
    ['a revoked proxy', () => revokedProxy()],
  ])('and denies by answering with %s, at once or later', async (_, answer) => {
    expect(reason([policy(answer)])).toBe('policy-failed');
    expect(await decideAccess([policy(async () => answer())], request(ann))).toMatchObject({
      allowed: false,
      reason: 'policy-failed',
    });
    expect(await decideAccess([policy(async () => answer()), policy(() => true)], request(ann))).toMatchObject({
      reason: 'policy-failed',
    });
  });

  it('an answer that allows at first sight only is read once', () => {
    let reads = 0;
    const answer = {
      get allowed() {
        reads += 1;
        return reads > 1;
      },
    };
    expect(reason([policy(() => answer)])).toBe('policy-denied');
  });

  it('may give a code, if it is a word', () => {
    const missing = (code: unknown) => decide([Access.policy(new Budget(code))]).missing;
    expect(missing('over-budget')).toEqual(['Budget', 'over-budget']);
    for (const code of ['ann@acme.test is over budget', 42, '', 'x'.repeat(65), null, ['a']])
      expect(missing(code)).toEqual(['Budget']);
  });

  it('as a class is built by whoever can', () => {
    expect(decide([Access.policy(AllowAll)], ann, acme, { policyOf: () => new AllowAll() }).allowed).toBe(true);
    expect(decide([Access.policy(AllowAll)])).toMatchObject({ reason: 'policy-failed', missing: ['AllowAll'] });
    const broken = () => {
      throw new Error('x');
    };
    for (const policyOf of [broken, () => undefined, () => null, () => ({})]) {
      expect(reason([Access.policy(AllowAll)], ann, acme, { policyOf: policyOf as never })).toBe('policy-failed');
    }
  });
});

class Budget implements AccessPolicy {
  constructor(private readonly code: unknown) {}
  decide() {
    return { allowed: false, code: this.code as string };
  }
}
class AllowAll implements AccessPolicy {
  decide() {
    return true;
  }
}
function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('the rules of a module and those of a class', () => {
  const authenticated = Access.authenticated();
  const open = Access.public();
  const admin = Access.anyRole('admin');
  const users = Access.authenticated('user');
  const policy = Access.policy(AllowAll);

  it.each<[string, AccessRule[], AccessRule[], AccessRule[]]>([
    ['add up', [authenticated, admin], [Access.feature('export')], [authenticated, admin, Access.feature('export')]],
    ['are those of the module where the class has none', [admin], [], [admin]],
    ['are those of the class where the module has none', [], [admin], [admin]],
    ['are none where neither has any', [], [], []],
    ['of a class that opens, without authenticated of the module', [authenticated], [open], [open]],
    ['of a class that opens, with the roles of the module', [authenticated, admin], [open], [admin, open]],
    ['of a class that opens, with the kinds of the module', [users], [open], [users, open]],
    ['of a class that opens, with the policies of the module', [policy], [open], [policy, open]],
    ['of a module that opens, for a class without rules', [open], [], [open]],
    ['of a module that opens, for a class that closes', [open], [authenticated], [authenticated]],
    ['of a module that opens, for a class with a policy', [open], [policy], [policy]],
    ['of both that open', [open], [open, policy], [open, open, policy]],
  ])('%s', (_, module, own, combined) => {
    expect(combineRules(module, own)).toEqual(combined);
    expect(Object.isFrozen(combineRules(module, own))).toBe(true);
  });

  it('let nobody in by what a module opens, where a class asks for something', () => {
    for (const rule of [authenticated, admin, users, policy]) {
      const rules = combineRules([open], [rule]);
      expect(reason(rules, anonymous, acme, { policyOf: () => new AllowAll() })).toBe('not-authenticated');
    }
    expect(reason(combineRules([admin], [open]), anonymous)).toBe('not-authenticated');
  });
});

describe('whatever the rules of module and class are', () => {
  const rule = fc.constantFrom(
    Access.public(),
    Access.authenticated(),
    Access.authenticated('user'),
    Access.anyRole('editor', 'admin'),
    Access.allScopes('read'),
    Access.feature('export'),
    Access.planOneOf('enterprise'),
    Access.policy(new AllowAll()),
  );
  const callers = [anonymous, ann, job, AuthContext.verified({ userId: 'bob', scopes: ['read'] })];
  const isPublic = (given: AccessRule) => given.rule === 'public';

  it('a class that does not open lets nobody in whom its module or its own rules refuse', () => {
    const rules = fc.array(rule, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rules, rules, fc.constantFrom(...callers), (module, given, caller) => {
        const own = given.filter((each) => !isPublic(each));
        fc.pre(own.length > 0 && decide(combineRules(module, own), caller).allowed);
        expect(decide(own, caller).allowed).toBe(true);
        const closing = module.filter((each) => !isPublic(each));
        if (closing.length > 0) expect(decide(closing, caller).allowed).toBe(true);
      }),
      { numRuns: 300, seed: 122 },
    );
  });

  it('one more rule lets nobody else in', () => {
    const rules = fc.array(rule, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        rules,
        fc.array(rule, { maxLength: 3 }),
        rule,
        fc.constantFrom(...callers),
        (module, own, more, caller) => {
          fc.pre(!isPublic(more) && decide(combineRules([...module, more], own), caller).allowed);
          expect(decide(combineRules(module, own), caller).allowed).toBe(true);
        },
      ),
      { numRuns: 300, seed: 123 },
    );
  });
});

describe('the error for a denial', () => {
  const errorFor = (rule: AccessRule, auth = ann) => accessDenied(decide([rule], auth), 'stage "Refund"');

  it.each<[AccessRule, AuthContext, string]>([
    [Access.authenticated(), anonymous, 'it is not open to anonymous callers'],
    [Access.authenticated('user'), job, 'the caller must be a principal of kind "user"'],
    [Access.anyRole('admin', 'owner'), ann, 'the caller lacks role "admin" or "owner"'],
    [Access.allRoles('admin', 'owner'), ann, 'the caller lacks role "admin", "owner"'],
    [Access.anyScope('purge'), ann, 'the caller lacks scope "purge"'],
    [Access.feature('sso'), ann, 'the organisation of the caller lacks feature "sso"'],
    [Access.planOneOf('gold'), ann, 'the organisation of the caller is not on plan "gold"'],
    [Access.policy(new Budget('over-budget')), ann, 'policy "Budget", "over-budget" denies it'],
    [Access.policy(AllowAll), ann, 'policy "AllowAll" gave no decision'],
  ])('names what is missing: %#', (rule, auth, text) => {
    const error = errorFor(rule, auth);
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect([error.code, error.summary]).toEqual(['AUTH_FORBIDDEN', `Access to stage "Refund" is denied: ${text}.`]);
    expect(error.details).toMatchObject({ reason: error.reason, subject: 'stage "Refund"' });
  });

  it('exists for every reason, and names nothing of the caller', () => {
    for (const denial of Object.values(AccessDenial)) {
      const decision = { ...decide([Access.anyRole('admin')]), reason: denial };
      const text = JSON.stringify(accessDenied(decision, 'stage "Refund"'));
      expect(text).toContain('Access to stage');
      expect(text).not.toMatch(/\bann\b|acme|editor/);
    }
  });
});
