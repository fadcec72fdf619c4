import { JwtAlgorithm, SECRET_BYTES } from './jwt-algorithm.js';
import type { OptionProblems } from './option-problems.js';
import type { VerificationKeys } from './read-keys.js';

const KNOWN: readonly unknown[] = Object.values(JwtAlgorithm);

/**
 * What tokens may be signed with. An algorithm that the key cannot check is a mistake, not a choice: a public key taken as
 * the secret of an HMAC is how tokens are forged. `undefined` if a problem was found.
 */
export function readAlgorithms(
  given: unknown,
  keys: VerificationKeys | undefined,
  problems: OptionProblems,
): ReadonlySet<string> | undefined {
  const wanted = given ?? keys?.allowed ?? [];
  if (!Array.isArray(wanted) || (given !== undefined && wanted.length === 0)) {
    problems.add('algorithms', 'is no list with algorithms', 'List those that the issuer signs with, or leave it out.');
    return undefined;
  }
  for (const algorithm of wanted) {
    const wrong = mistakeIn(algorithm, keys);
    if (wrong !== undefined) problems.add('algorithms', ...wrong);
  }
  return new Set(wanted);
}

function mistakeIn(algorithm: unknown, keys: VerificationKeys | undefined): readonly [string, string] | undefined {
  if (!KNOWN.includes(algorithm)) return ['holds an unknown algorithm', `Choose from ${KNOWN.join(', ')}.`];
  const known = algorithm as JwtAlgorithm;
  if (keys === undefined || keys.usable.includes(known)) return undefined;
  const bytes = SECRET_BYTES.get(known);
  if (keys.secret) {
    return bytes === undefined
      ? [`holds ${known}, which needs a public key`, 'Give keys.publicKey or a key set, or list HS algorithms only.']
      : [`holds ${known}, which needs a secret of ${bytes} bytes`, 'Make a longer secret.'];
  }
  return bytes === undefined
    ? [`holds ${known}, which the key cannot check`, `It can check ${keys.usable.join(', ')}.`]
    : [`holds ${known}, which would take the public key for a secret`, 'Remove it.'];
}
