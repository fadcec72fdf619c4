/* Whoever says who people are: in production an identity provider. Its keys are made when it starts. */
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export const ISSUER = 'https://issuer.example/';
export const AUDIENCE = 'support';

export interface Person {
  readonly sub: string;
  readonly org_id: string;
  readonly roles: readonly string[];
  readonly scope?: string;
}

export interface Issuer {
  readonly keys: { readonly keys: readonly JWK[] };
  tokenOf(person: Person): Promise<string>;
}

export async function openIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(publicKey)), kid: 'today', alg: 'ES256', use: 'sig' };
  return {
    keys: { keys: [key] },
    tokenOf: ({ sub, ...claims }) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'today' })
        .setSubject(sub)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime('10m')
        .sign(privateKey),
  };
}
