// Promise: an identity is made by saying that one vouches for it; what looks like one is none.

import { Inject, Injectable } from '../../decorators/index.js';
import { AuthContext, OrgContext, PrincipalKind, type TokenVerifier } from '../../src/auth/index.js';
import type { Token } from '../../src/metadata/index.js';

export const user = AuthContext.verified({ userId: 'ann', roles: ['editor'] });
export const machine = AuthContext.verified({ kind: PrincipalKind.ServiceAccount, clientId: 'job' });
// @ts-expect-error a user has an id
AuthContext.verified({ roles: ['editor'] });
// @ts-expect-error a machine has the id of its client
AuthContext.verified({ kind: 'service-account' });
// @ts-expect-error a machine is no user
AuthContext.verified({ kind: 'service-account', clientId: 'job', userId: 'ann' });
// @ts-expect-error nobody vouches for an anonymous caller
AuthContext.verified({ kind: 'anonymous', userId: 'ann' });
// @ts-expect-error roles are a list
AuthContext.verified({ userId: 'ann', roles: 'admin' });
// @ts-expect-error only the class itself has the key
new AuthContext({ userId: 'ann' });
// @ts-expect-error only the class itself has the key
new OrgContext({ orgId: 'acme' });
// @ts-expect-error a look-alike is no identity
export const lookAlike: AuthContext = { ...user, hasRole: () => true };
// @ts-expect-error nor is one of an organisation
export const orgLookAlike: OrgContext = { ...OrgContext.none };
// @ts-expect-error an identity does not change
user.userId = 'root';
// @ts-expect-error nor do its roles
user.roles.push('admin');

// Both are still tokens of the container.
export const tokens: Token[] = [AuthContext, OrgContext];
@Injectable()
export class Audit {
  constructor(
    readonly auth: AuthContext,
    @Inject(OrgContext) readonly org: OrgContext,
  ) {}
}

export const verifier: TokenVerifier = { verify: (token) => ({ auth: AuthContext.verified({ userId: token }) }) };
export const async: TokenVerifier = { verify: async () => ({ auth: user, org: OrgContext.none }) };
// @ts-expect-error raw claims are no identity
export const raw: TokenVerifier = { verify: () => ({ userId: 'ann' }) };
// @ts-expect-error true is no identity
export const yes: TokenVerifier = { verify: () => true };

const draft = { orgId: 'acme', title: 'x' };
OrgContext.none.assertOwns(draft, 'the draft');
OrgContext.none.assertOwns('acme');
// @ts-expect-error a number is no organisation
OrgContext.none.assertOwns({ orgId: 42 });
// @ts-expect-error what says nothing of its owner is none
OrgContext.none.assertOwns({ title: 'x' });
// @ts-expect-error nothing is no resource
OrgContext.none.assertOwns(undefined);
