// Promise: a rule asks for something, and a verifier is told what to trust.
import { Access, type AccessPolicy, type AccessRule } from '../../src/auth/index.js';
import { type ClaimMapping, ClaimMappings, JwtVerifier } from '../../src/auth/jwt/index.js';

export const rules: AccessRule[] = [
  Access.public(),
  Access.authenticated('user'),
  Access.anyRole('admin', 'owner'),
  Access.planAtLeast('pro', ['free', 'pro']),
  Access.policy(
    class implements AccessPolicy {
      constructor(readonly budget: Map<string, number>) {}
      async decide() {
        return { allowed: this.budget.size > 0, code: 'over-budget' };
      }
    },
  ),
  { rule: 'roles', match: 'any', names: ['admin'] },
];
// @ts-expect-error any of nothing is nobody
Access.anyRole();
// @ts-expect-error all of nothing is everybody
Access.allScopes();
// @ts-expect-error nobody is an anonymous principal that was recognised
Access.authenticated('anonymous');
// @ts-expect-error "somebody" is no kind
Access.authenticated('somebody');
// @ts-expect-error a policy decides
Access.policy({ allow: () => true });
// @ts-expect-error a policy says yes or no, not "maybe"
Access.policy({ decide: () => 'maybe' });
// @ts-expect-error no such rule
export const unknownRule: AccessRule = { rule: 'allow' };

const trusted = { issuer: 'https://issuer.test/', audience: 'api' };
export const ok = () => [
  new JwtVerifier({ ...trusted, keys: { jwksUrl: 'https://issuer.test/keys' }, claims: ClaimMappings.okta() }),
  new JwtVerifier({ ...trusted, keys: { publicKey: 'PEM' }, algorithms: ['RS256'] }),
  new JwtVerifier({ ...trusted, keys: { secret: new Uint8Array(32) } }),
];
export const wrong = () => [
  // @ts-expect-error whose tokens?
  new JwtVerifier({ audience: 'api', keys: { publicKey: 'PEM' } }),
  // @ts-expect-error meant for whom?
  new JwtVerifier({ issuer: 'https://issuer.test/', keys: { publicKey: 'PEM' } }),
  // @ts-expect-error checked with what?
  new JwtVerifier({ ...trusted }),
  // @ts-expect-error "none" cannot be allowed
  new JwtVerifier({ ...trusted, keys: { publicKey: 'PEM' }, algorithms: ['none'] }),
  // @ts-expect-error a key is given as publicKey or secret
  new JwtVerifier({ ...trusted, keys: 'PEM' }),
  // @ts-expect-error a mapping says where the user's id is
  new JwtVerifier({ ...trusted, keys: { publicKey: 'PEM' }, claims: { roles: [] } }),
];

const roles = { claim: 'roles' };
export const mapping: ClaimMapping = { userId: 'sub', roles: [roles, { claim: ['realm', 'roles'], form: 'spaced' }] };
// @ts-expect-error lists have one of the known forms
export const otherForm: ClaimMapping = { userId: 'sub', roles: [{ claim: 'roles', form: 'csv' }] };
// @ts-expect-error several claims may hold roles
export const oneRole: ClaimMapping = { userId: 'sub', roles };
// @ts-expect-error an address is verified by a claim, or by the issuer
export const unverified: ClaimMapping = { userId: 'sub', email: { claim: 'email' } };
