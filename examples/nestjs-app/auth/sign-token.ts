import { SignJWT } from 'jose';
import { AUDIENCE, ISSUER } from './token-rules.js';

export interface Person {
  readonly name: string;
  readonly org: string;
  readonly roles: readonly string[];
}

/** Ann and Tom write and decide in one publishing house, Eve in another. */
export const PEOPLE = {
  ann: { name: 'ann', org: 'acme', roles: ['chief'] },
  tom: { name: 'tom', org: 'acme', roles: ['chief'] },
  bea: { name: 'bea', org: 'acme', roles: [] },
  eve: { name: 'eve', org: 'globex', roles: ['chief'] },
} as const satisfies Record<string, Person>;

/** What an identity provider does: a token that says who somebody is, valid for an hour. */
export function signToken({ name, org, roles }: Person, secret: string): Promise<string> {
  return new SignJWT({ org_id: org, roles: [...roles] })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(name)
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}
