import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AuthContext, type AuthContextInit, OrgContext, PrincipalKind } from '../../../src/auth/index.js';
import { StageflowError } from '../../../src/errors/index.js';

const ann = AuthContext.verified({
  userId: 'ann',
  clientId: 'web',
  sessionId: 's1',
  email: 'ann@acme.test',
  orgId: 'acme',
  roles: ['editor', 'editor', 'author'],
  scopes: ['read', 'write'],
  claims: { phone: '+49 30 123', team: { tags: ['core'] } },
});
const job = AuthContext.verified({ kind: PrincipalKind.ServiceAccount, clientId: 'job', scopes: ['run'] });

function errorOf(make: () => unknown): StageflowError {
  try {
    make();
  } catch (error) {
    expect(error).toBeInstanceOf(StageflowError);
    return error as StageflowError;
  }
  throw new Error('nothing was thrown');
}

describe('an identity', () => {
  it('is a user by default, and knows its rights', () => {
    expect([ann.kind, ann.authenticated, ann.principalId, ann.roles]).toEqual([
      'user',
      true,
      'ann',
      ['editor', 'author'],
    ]);
    expect([ann.hasRole('editor'), ann.hasRole('edit'), ann.hasRole('Editor')]).toEqual([true, false, false]);
    expect([ann.hasAnyRole('admin', 'author'), ann.hasAnyRole('admin'), ann.hasAnyRole()]).toEqual([
      true,
      false,
      false,
    ]);
    expect([ann.hasAllRoles('editor', 'author'), ann.hasAllRoles('editor', 'admin')]).toEqual([true, false]);
    expect([ann.hasScope('read'), ann.hasAnyScope('x', 'write'), ann.hasAllScopes('read', 'x')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('may be a machine, which has an id and rights but no user', () => {
    expect([job.kind, job.userId, job.email, job.principalId, job.hasScope('run')]).toEqual([
      'service-account',
      null,
      null,
      'job',
      true,
    ]);
  });

  it('of a run that was given none is anonymous', () => {
    const { anonymous } = AuthContext;
    expect([anonymous.kind, anonymous.authenticated, anonymous.principalId]).toEqual(['anonymous', false, null]);
    expect([anonymous.roles, anonymous.scopes, { ...anonymous.claims }]).toEqual([[], [], {}]);
  });

  it('cannot be changed, however deep, nor through what it was made of', () => {
    const init = { userId: 'bob', roles: ['a'], claims: { team: { tags: ['x'] } } };
    const bob = AuthContext.verified(init);
    init.roles.push('admin');
    init.claims.team.tags.push('admin');
    const team = bob.claims.team as { tags: string[] };
    expect([bob.roles, team.tags]).toEqual([['a'], ['x']]);
    const changes = [
      () => Object.assign(bob, { userId: 'root' }),
      () => (bob.roles as string[]).push('admin'),
      () => Object.assign(bob.claims, { admin: true }),
      () => team.tags.push('admin'),
      () => Object.assign(bob, { hasRole: () => true }),
    ];
    for (const change of changes) expect(change).toThrow(TypeError);
  });

  it('shows neither claims nor methods when it is printed or stored', () => {
    const shown = {
      kind: 'user',
      userId: 'ann',
      clientId: 'web',
      sessionId: 's1',
      email: 'ann@acme.test',
      orgId: 'acme',
      roles: ['editor', 'author'],
      scopes: ['read', 'write'],
    };
    expect(JSON.parse(JSON.stringify(ann))).toEqual(shown);
    for (const text of [JSON.stringify({ ann }), inspect(ann), inspect({ a: [ann] }, { depth: 9 })]) {
      expect(text).toContain('ann@acme.test');
      expect(text).not.toContain('+49');
    }
  });
});

describe('an identity cannot be forged', () => {
  it.each<[string, unknown]>([
    ['a look-alike', { ...ann }],
    ['a parsed copy', JSON.parse(JSON.stringify(ann))],
    ['an heir', Object.create(AuthContext.prototype)],
    ['an heir of an identity', Object.create(ann)],
    ['a proxy', new Proxy(ann, {})],
    ['a clone', structuredClone({ kind: 'user', userId: 'ann' })],
    ['an object with its prototype', Object.setPrototypeOf({ kind: 'user' }, AuthContext.prototype)],
    ['an organisation', OrgContext.none],
    ['null', null],
    ['a text', 'ann'],
  ])('by %s', (_, value) => {
    expect(AuthContext.is(value)).toBe(false);
  });

  it('but is told from all of these', () => {
    expect([ann, job, AuthContext.anonymous].map(AuthContext.is)).toEqual([true, true, true]);
  });

  it('with new, nor by a subclass', () => {
    const Auth = AuthContext as unknown as new (...args: unknown[]) => AuthContext;
    const Org = OrgContext as unknown as new (...args: unknown[]) => OrgContext;
    class Root extends Auth {
      constructor() {
        super(Symbol('AuthContext'), { kind: 'user', userId: 'root', roles: ['admin'] });
      }
    }
    const attempts = [
      () => new Auth({ kind: 'user', userId: 'root' }),
      () => new Auth(),
      () => new Root(),
      () => new Org({}),
    ];
    for (const attempt of attempts) {
      expect(errorOf(attempt)).toMatchObject({
        code: 'AUTH_IDENTITY_INVALID',
        fix: expect.stringContaining('.verified('),
      });
    }
  });
});

describe('an identity is made of values in good order only:', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  it.each<[string, object]>([
    ['userId', {}],
    ['userId', { userId: null }],
    ['userId', { userId: '' }],
    ['userId', { userId: ' ann' }],
    ['userId', { userId: 'ann\n' }],
    ['userId', { userId: 42 }],
    ['userId', { userId: ['ann'] }],
    ['userId', { userId: '__proto__' }],
    ['userId', { userId: 'a\u202enn' }],
    ['userId', { userId: new String('ann') }],
    ['kind', { kind: 'anonymous', userId: 'ann' }],
    ['kind', { kind: 'admin', userId: 'ann' }],
    ['kind', { kind: null, userId: 'ann' }],
    ['clientId', { kind: 'service-account' }],
    ['userId', { kind: 'service-account', clientId: 'job', userId: 'ann' }],
    ['email', { kind: 'service-account', clientId: 'job', email: 'a@b.test' }],
    ['email', { userId: 'ann', email: 'ann' }],
    ['email', { userId: 'ann', email: 'аnn@acme.test' }],
    ['roles', { userId: 'ann', roles: 'admin' }],
    ['roles', { userId: 'ann', roles: [['admin']] }],
    ['roles', { userId: 'ann', roles: ['constructor'] }],
    ['roles', { userId: 'ann', roles: new Set(['admin']) }],
    ['roles', { userId: 'ann', roles: { 0: 'admin', length: 1 } }],
    // biome-ignore lint/suspicious/noSparseArray: a hole is what it is about
    ['roles', { userId: 'ann', roles: ['a', , 'b'] }],
    ['scopes', { userId: 'ann', scopes: [42] }],
    ['orgId', { userId: 'ann', orgId: {} }],
    ['sessionId', { userId: 'ann', sessionId: true }],
    ['claims', { userId: 'ann', claims: null }],
    ['claims', { userId: 'ann', claims: [] }],
    ['claims', { userId: 'ann', claims: { at: new Date(0) } }],
    ['claims', { userId: 'ann', claims: { f: () => 1 } }],
    ['claims', { userId: 'ann', claims: { n: Number.NaN } }],
    ['claims', { userId: 'ann', claims: { n: 1n } }],
    ['claims', { userId: 'ann', claims: JSON.parse('{"__proto__":{"admin":true}}') }],
    ['claims', { userId: 'ann', claims: circle }],
  ])('%s of %o', (field, init) => {
    const error = errorOf(() => AuthContext.verified(init as AuthContextInit));
    expect([error.code, error.details.field]).toEqual(['AUTH_IDENTITY_INVALID', field]);
  });

  it.each([[undefined], [null], ['ann'], [42]])('%o is nobody', (init) => {
    expect(errorOf(() => AuthContext.verified(init as never)).code).toBe('AUTH_IDENTITY_INVALID');
  });

  it('and no message tells the value', () => {
    const error = errorOf(() => AuthContext.verified({ userId: 'ann', roles: ['secret-role\0'] }));
    expect(JSON.stringify(error)).not.toContain('secret-role');
  });
});
