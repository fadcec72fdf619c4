import { AuthContext, AuthError, type TokenVerifier, type VerifiedIdentity } from '../../auth/index.js';
import { type ContractCase, demand, demandEqual } from './contract-case.js';

/** A verifier, and tokens of which it must know what to think. */
export interface TokenVerifierUnderTest {
  readonly verifier: TokenVerifier;
  /** Tokens of two callers that differ, and the ids of these. */
  readonly valid: readonly [ValidToken, ValidToken];
  /** Tokens that it must refuse: expired, of another issuer, tampered with. At least one. */
  readonly refused: readonly string[];
}

export interface ValidToken {
  readonly token: string;
  /** The user, or the service account, that it stands for. */
  readonly principalId: string;
}

/** What no verifier may accept, whatever its tokens look like. */
const NONSENSE = [
  'x',
  '.',
  '..',
  'a.b.c',
  'null',
  'undefined',
  '{}',
  '../../etc/passwd',
  "' OR '1'='1",
  'x'.repeat(5_000),
];

/** What every `TokenVerifier` has to keep. @param make gives a fresh one for each case */
export function tokenVerifierCases(
  make: () => TokenVerifierUnderTest | Promise<TokenVerifierUnderTest>,
): readonly ContractCase[] {
  return [
    {
      name: 'recognises callers, as identities that AuthContext.verified made',
      run: async () => recognises(await make()),
    },
    { name: 'refuses what it must not accept, with an AuthError', run: async () => refuses(await make()) },
    { name: 'refuses what is no token at all, with an AuthError', run: async () => refusesNonsense(await make()) },
    { name: 'puts no token into the messages of its errors', run: async () => keepsSecret(await make()) },
    { name: 'keeps callers apart that come at the same time', run: async () => keepsApart(await make()) },
    { name: 'refuses still, after it has accepted others', run: async () => forgets(await make()) },
  ];
}

async function verify(verifier: TokenVerifier, token: string): Promise<VerifiedIdentity> {
  return verifier.verify(token, { signal: new AbortController().signal });
}

async function recognises({ verifier, valid }: TokenVerifierUnderTest): Promise<void> {
  for (const { token, principalId } of valid) {
    const { auth } = await verify(verifier, token);
    demand(AuthContext.is(auth) && auth.authenticated, 'The identity was not made with AuthContext.verified.');
    demandEqual(auth.principalId, principalId, 'The caller');
  }
}

async function refusal(verifier: TokenVerifier, token: string, which: string): Promise<AuthError> {
  let identity: VerifiedIdentity;
  try {
    identity = await verify(verifier, token);
  } catch (error) {
    demand(error instanceof AuthError, `${which} is refused with something that is no AuthError.`);
    return error;
  }
  throw new Error(`${which} is accepted, as ${identity.auth?.principalId ?? 'nobody'}.`);
}

async function refuses({ verifier, refused }: TokenVerifierUnderTest): Promise<void> {
  demand(refused.length > 0, 'Give at least one token that has to be refused.');
  for (const [index, token] of refused.entries()) await refusal(verifier, token, `refused[${index}]`);
}

async function refusesNonsense({ verifier, valid: [{ token }] }: TokenVerifierUnderTest): Promise<void> {
  const halves = [token.slice(0, token.length / 2), token.slice(1)];
  for (const nonsense of [...NONSENSE, ...halves])
    await refusal(verifier, nonsense, `A text of ${nonsense.length} letters`);
}

async function keepsSecret({ verifier, refused }: TokenVerifierUnderTest): Promise<void> {
  for (const [index, token] of refused.entries()) {
    const error = await refusal(verifier, token, `refused[${index}]`);
    const said = [error.message, JSON.stringify(error.details)].join(' ');
    demand(!said.includes(token), `The error about refused[${index}] contains the token.`);
  }
}

async function keepsApart({ verifier, valid }: TokenVerifierUnderTest): Promise<void> {
  const many = Array.from({ length: 20 }, (_, index) => valid[index % 2 === 0 ? 0 : 1]);
  const found = await Promise.all(many.map(({ token }) => verify(verifier, token)));
  const ids = found.map(({ auth }) => auth.principalId);
  demandEqual(
    ids,
    many.map(({ principalId }) => principalId),
    'The callers',
  );
}

async function forgets(subject: TokenVerifierUnderTest): Promise<void> {
  await recognises(subject);
  await refuses(subject);
}
