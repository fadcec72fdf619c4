import { describe, expect, it } from 'vitest';
import { authenticate } from '../../../../src/auth/index.js';
import { type ClaimMapping, ClaimMappings } from '../../../../src/auth/jwt/index.js';
import { AUDIENCE, ISSUER, mint, NOW, verifier } from './tokens.js';

const times = { iss: ISSUER, aud: AUDIENCE, iat: NOW - 60, exp: NOW + 600 };

/** What a mapping makes of a token with exactly these claims. */
async function read(claims: ClaimMapping, payload: object) {
  const by = verifier({ claims });
  const { auth, org } = await authenticate(by, mint({ claims: JSON.stringify({ ...times, ...payload }) }));
  const { kind, userId, clientId, sessionId, email, orgId, roles, scopes } = auth;
  const { tenantId, planTier, features } = org;
  return { kind, userId, clientId, sessionId, email, orgId, roles, scopes, tenantId, planTier, features };
}

async function refusalOf(claims: ClaimMapping, payload: object) {
  const by = verifier({ claims });
  return authenticate(by, mint({ claims: JSON.stringify({ ...times, ...payload }) })).then(
    () => 'let in',
    ({ reason, claim }) => [reason, claim],
  );
}

const nobody = {
  kind: 'user',
  userId: null,
  clientId: null,
  sessionId: null,
  email: null,
  orgId: null,
  roles: [],
  scopes: [],
  tenantId: null,
  planTier: null,
  features: [],
};

describe('the tokens of a user', () => {
  it.each<[string, ClaimMapping, object, object]>([
    [
      'OpenID Connect',
      ClaimMappings.oidc(),
      {
        sub: 'u1',
        client_id: 'web',
        sid: 's1',
        scope: 'openid read',
        roles: ['a'],
        email: 'a@b.test',
        email_verified: true,
      },
      { userId: 'u1', clientId: 'web', sessionId: 's1', scopes: ['openid', 'read'], roles: ['a'], email: 'a@b.test' },
    ],
    [
      'Auth0',
      ClaimMappings.auth0({ roles: 'https://acme.test/roles', planTier: 'https://acme.test/plan' }),
      {
        sub: 'auth0|1',
        azp: 'web',
        scope: 'openid read:x',
        permissions: ['read:x', 'write:x'],
        org_id: 'org_1',
        'https://acme.test/roles': ['admin'],
        'https://acme.test/plan': 'pro',
      },
      {
        userId: 'auth0|1',
        clientId: 'web',
        orgId: 'org_1',
        tenantId: 'org_1',
        scopes: ['openid', 'read:x', 'write:x'],
        roles: ['admin'],
        planTier: 'pro',
      },
    ],
    [
      'Okta',
      ClaimMappings.okta(),
      { ver: 1, sub: 'ann@acme.test', uid: '00u1', cid: '0oa1', scp: ['openid', 'email'], groups: ['Everyone'] },
      { userId: '00u1', clientId: '0oa1', scopes: ['openid', 'email'], roles: ['Everyone'] },
    ],
    [
      'Microsoft Entra ID, version 2',
      ClaimMappings.entra(),
      {
        sub: 'pairwise',
        oid: 'oid-1',
        tid: 'tid-1',
        azp: 'app',
        scp: 'Files.Read Mail.Read',
        roles: ['Reader'],
        email: 'a@b.test',
        sid: 's',
        ver: '2.0',
      },
      {
        userId: 'oid-1',
        clientId: 'app',
        sessionId: 's',
        orgId: 'tid-1',
        tenantId: 'tid-1',
        scopes: ['Files.Read', 'Mail.Read'],
        roles: ['Reader'],
      },
    ],
    [
      'Microsoft Entra ID, version 1',
      ClaimMappings.entra(),
      { sub: 'pairwise', oid: 'oid-1', tid: 'tid-1', appid: 'app', scp: 'user_impersonation', ver: '1.0' },
      { userId: 'oid-1', clientId: 'app', orgId: 'tid-1', tenantId: 'tid-1', scopes: ['user_impersonation'] },
    ],
    [
      'Keycloak',
      ClaimMappings.keycloak({ client: 'shop', orgId: 'org' }),
      {
        sub: 'u1',
        azp: 'shop',
        sid: 's1',
        scope: 'openid profile',
        realm_access: { roles: ['offline_access', 'admin'] },
        resource_access: { shop: { roles: ['buyer', 'admin'] }, account: { roles: ['manage-account'] } },
        email: 'a@b.test',
        email_verified: false,
        org: 'acme',
      },
      {
        userId: 'u1',
        clientId: 'shop',
        sessionId: 's1',
        scopes: ['openid', 'profile'],
        roles: ['offline_access', 'admin', 'buyer'],
        orgId: 'acme',
        tenantId: 'acme',
      },
    ],
    [
      'Amazon Cognito',
      ClaimMappings.cognito({ orgId: 'custom:org' }),
      {
        sub: 'u1',
        client_id: 'app',
        token_use: 'access',
        username: 'ann',
        origin_jti: 'o1',
        scope: 'aws.cognito.signin.user.admin',
        'cognito:groups': ['eu_Google', 'admins'],
        'custom:org': 'acme',
      },
      {
        userId: 'u1',
        clientId: 'app',
        sessionId: 'o1',
        scopes: ['aws.cognito.signin.user.admin'],
        roles: ['eu_Google', 'admins'],
        orgId: 'acme',
        tenantId: 'acme',
      },
    ],
    [
      'Google',
      ClaimMappings.google(),
      { sub: '1084', azp: 'app.apps.test', hd: 'acme.test', email: 'ann@acme.test', email_verified: true },
      { userId: '1084', clientId: 'app.apps.test', orgId: 'acme.test', tenantId: 'acme.test', email: 'ann@acme.test' },
    ],
    [
      'Firebase',
      ClaimMappings.firebase({ roles: 'roles', features: 'features' }),
      {
        sub: 'u1',
        user_id: 'u1',
        firebase: { identities: {}, sign_in_provider: 'password', tenant: 't1' },
        roles: ['editor'],
        features: ['beta'],
      },
      { userId: 'u1', orgId: 't1', tenantId: 't1', roles: ['editor'], features: ['beta'] },
    ],
    [
      'Clerk, version 2',
      ClaimMappings.clerk(),
      {
        v: 2,
        sub: 'user_1',
        sid: 'sess_1',
        azp: 'https://app.test',
        o: { id: 'org_1', slg: 'acme', rol: 'admin' },
        pla: 'o:pro',
        fea: 'o:dashboard,o:teams',
      },
      {
        userId: 'user_1',
        sessionId: 'sess_1',
        orgId: 'org_1',
        tenantId: 'org_1',
        roles: ['admin'],
        planTier: 'o:pro',
        features: ['o:dashboard', 'o:teams'],
      },
    ],
    [
      'Clerk, version 1',
      ClaimMappings.clerk(),
      { sub: 'user_1', sid: 'sess_1', org_id: 'org_1', org_role: 'org:admin', org_permissions: ['org:feature:read'] },
      {
        userId: 'user_1',
        sessionId: 'sess_1',
        orgId: 'org_1',
        tenantId: 'org_1',
        roles: ['org:admin'],
        scopes: ['org:feature:read'],
      },
    ],
  ])('of %s', async (_, mapping, payload, expected) => {
    expect(await read(mapping, payload)).toEqual({ ...nobody, ...expected });
  });

  it.each(Object.entries(ClaimMappings))('of %s may hold no more than an id', async (_, mapping) => {
    const claims = mapping();
    const id = claims.userId === 'oid' ? { oid: 'u1', scp: '' } : { sub: 'u1' };
    expect(await read(claims, id)).toEqual({ ...nobody, userId: 'u1' });
  });

  it.each(Object.entries(ClaimMappings))('of %s must hold an id', async (_, mapping) => {
    const reason = await refusalOf(mapping(), { email: 'a@b.test', email_verified: true });
    expect(reason).toEqual(['missing-claims', expect.stringMatching(/^(?:sub|oid|uid or sub)$/)]);
  });
});

describe('the tokens of a machine are told from those of a user', () => {
  it.each<[string, ClaimMapping, object, object]>([
    [
      'OpenID Connect',
      ClaimMappings.oidc(),
      { sub: 'job', client_id: 'job', scope: 'run' },
      { clientId: 'job', scopes: ['run'] },
    ],
    ['OpenID Connect by azp', ClaimMappings.oidc(), { sub: 'job', azp: 'job' }, { clientId: 'job' }],
    [
      'Auth0',
      ClaimMappings.auth0(),
      { sub: 'job@clients', azp: 'job', gty: 'client-credentials', scope: 'run' },
      { clientId: 'job', scopes: ['run'] },
    ],
    ['Auth0 by RFC 9068', ClaimMappings.auth0(), { sub: 'job@clients', client_id: 'job' }, { clientId: 'job' }],
    ['Okta', ClaimMappings.okta(), { sub: '0oa1', cid: '0oa1', scp: ['run'] }, { clientId: '0oa1', scopes: ['run'] }],
    [
      'Microsoft Entra ID by idtyp',
      ClaimMappings.entra(),
      { idtyp: 'app', oid: 'sp', sub: 'sp', azp: 'job', tid: 't', roles: ['Run'] },
      { clientId: 'job', orgId: 't', tenantId: 't', roles: ['Run'] },
    ],
    [
      'Microsoft Entra ID by its subject',
      ClaimMappings.entra(),
      { oid: 'sp', sub: 'sp', appid: 'job', tid: 't' },
      { clientId: 'job', orgId: 't', tenantId: 't' },
    ],
    [
      'Keycloak',
      ClaimMappings.keycloak(),
      { sub: 'uuid', azp: 'job', client_id: 'job', clientHost: '::1', preferred_username: 'service-account-job' },
      { clientId: 'job' },
    ],
    ['older Keycloak', ClaimMappings.keycloak(), { sub: 'uuid', azp: 'job', clientId: 'job' }, { clientId: 'job' }],
    [
      'Amazon Cognito',
      ClaimMappings.cognito(),
      { sub: 'job', client_id: 'job', token_use: 'access', scope: 'api/run' },
      { clientId: 'job', scopes: ['api/run'] },
    ],
    [
      'Google',
      ClaimMappings.google(),
      { sub: '115', azp: '115', email: 'job@acme.iam.gserviceaccount.test', email_verified: true },
      { clientId: '115' },
    ],
  ])('%s', async (_, mapping, payload, expected) => {
    expect(await read(mapping, payload)).toEqual({ ...nobody, kind: 'service-account', ...expected });
  });

  it.each<[string, ClaimMapping, object]>([
    ['another client', ClaimMappings.oidc(), { sub: 'ann', client_id: 'web' }],
    ['another application', ClaimMappings.google(), { sub: '1084', azp: 'app' }],
    ['a suffix alone', ClaimMappings.auth0(), { sub: 'x@clients', azp: 'job' }],
    ['a uid beside it', ClaimMappings.okta(), { sub: '0oa1', cid: '0oa1', uid: '00u1' }],
    ['delegated scopes beside it', ClaimMappings.entra(), { oid: 'x', sub: 'x', scp: 'Files.Read' }],
    [
      'a user name like those of service accounts',
      ClaimMappings.keycloak(),
      { sub: 'u', azp: 'web', preferred_username: 'service-account-job' },
    ],
  ])('but not by %s', async (_, mapping, payload) => {
    expect((await read(mapping, payload)).kind).toBe('user');
  });

  it('and need the id of the machine', async () => {
    expect(await refusalOf(ClaimMappings.auth0(), { sub: 'x', gty: 'client-credentials' })).toEqual([
      'missing-claims',
      'azp or client_id',
    ]);
  });
});

describe('claims are read strictly', () => {
  it.each<[string, ClaimMapping, object, string]>([
    [
      'an object on the way that is none',
      ClaimMappings.keycloak(),
      { sub: 'u', realm_access: 'roles' },
      'realm_access.roles',
    ],
    [
      'an array on the way',
      ClaimMappings.keycloak(),
      { sub: 'u', realm_access: [{ roles: ['a'] }] },
      'realm_access.roles',
    ],
    ['null on the way', ClaimMappings.firebase(), { sub: 'u', firebase: null }, 'firebase.tenant'],
    ['a text where Okta writes an array', ClaimMappings.okta(), { sub: 'u', scp: 'read write' }, 'scp'],
    ['an array where Entra writes a text', ClaimMappings.entra(), { oid: 'u', scp: ['Files.Read'] }, 'scp'],
    ['an array where Clerk writes one role', ClaimMappings.clerk(), { sub: 'u', org_role: ['admin'] }, 'org_role'],
    ['a number where Clerk writes a plan', ClaimMappings.clerk(), { sub: 'u', pla: 1 }, 'pla'],
    ['an empty name between commas', ClaimMappings.clerk(), { sub: 'u', fea: 'a,,b' }, 'fea'],
    ['groups as a text', ClaimMappings.cognito(), { sub: 'u', 'cognito:groups': 'admins' }, 'cognito:groups'],
    [
      'groups as they print',
      ClaimMappings.cognito(),
      { sub: 'u', 'cognito:groups': '[admins, users]' },
      'cognito:groups',
    ],
    ['a number as organisation', ClaimMappings.auth0(), { sub: 'u', org_id: 7 }, 'org_id'],
    ['permissions as objects', ClaimMappings.auth0(), { sub: 'u', permissions: [{ name: 'read' }] }, 'permissions'],
    ['the first of several, wrong', ClaimMappings.okta(), { uid: 42, sub: 'ann' }, 'uid'],
  ])('%s', async (_, mapping, payload, claim) => {
    expect(await refusalOf(mapping, payload)).toEqual(['invalid-claims', claim]);
  });

  it('a name is a claim, dots and all; a list of names is a way', async () => {
    const claims = { userId: 'sub', orgId: 'a.b', planTier: ['a', 'b'] };
    expect(await read(claims, { sub: 'u', 'a.b': 'dotted', a: { b: 'nested' } })).toMatchObject({
      orgId: 'dotted',
      planTier: 'nested',
    });
  });

  it('what every object inherits is no claim', async () => {
    const claims: ClaimMapping = {
      userId: 'sub',
      orgId: 'toString',
      planTier: ['a', 'constructor', 'name'],
      roles: [{ claim: ['valueOf'] }],
    };
    expect(await read(claims, { sub: 'u', a: {} })).toEqual({ ...nobody, userId: 'u' });
  });

  it('an address counts only if the issuer says that it is the user’s', async () => {
    const email = 'ann@acme.test';
    expect((await read(ClaimMappings.oidc(), { sub: 'u', email, email_verified: true })).email).toBe(email);
    expect((await read(ClaimMappings.oidc(), { sub: 'u', email, email_verified: false })).email).toBe(null);
    expect((await read(ClaimMappings.oidc(), { sub: 'u', email })).email).toBe(null);
    const trusted = { ...ClaimMappings.oidc(), email: { claim: 'email', verifiedBy: null } };
    expect((await read(trusted, { sub: 'u', email })).email).toBe(email);
  });

  it('rights named twice count once, and an empty text is no scope', async () => {
    expect(await read(ClaimMappings.oidc(), { sub: 'u', scope: '', roles: ['a', 'b', 'a'] })).toEqual({
      ...nobody,
      userId: 'u',
      roles: ['a', 'b'],
    });
  });

  it('claims without a mapping stay readable, frozen, on objects that inherit nothing', async () => {
    const { auth } = await authenticate(verifier(), mint({ claims: { team: { name: 'core', tags: ['x'] } } }));
    const team = auth.claims.team as { name: string; tags: string[] };
    expect([team.name, Object.isFrozen(team), Object.isFrozen(team.tags)]).toEqual(['core', true, true]);
    expect([Object.getPrototypeOf(auth.claims), Object.getPrototypeOf(team)]).toEqual([null, null]);
  });
});
