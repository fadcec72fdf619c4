/* Reads single claims, strictly. What is absent is `undefined`; what has another form than asked for refuses the token. */
import { AuthError } from '../../auth-error.js';
import { AuthFailureReason } from '../../auth-failure.js';
import { type FrozenClaims, isRecord } from '../../frozen-claims.js';
import { isIdentityText, isPlainEmail } from '../../identity-text.js';
import { type ClaimPath, type EmailClaim, type ListClaim, ListForm, type TextClaim } from './claim-mapping.js';

export function claimName(path: ClaimPath): string {
  return typeof path === 'string' ? path : path.join('.');
}

export function invalidClaim(path: ClaimPath): AuthError {
  return new AuthError(AuthFailureReason.InvalidClaims, { claim: claimName(path) });
}

export function missingClaim(claim: TextClaim): AuthError {
  return new AuthError(AuthFailureReason.MissingClaims, { claim: alternativesOf(claim).map(claimName).join(' or ') });
}

export function valueAt(claims: FrozenClaims, path: ClaimPath): unknown {
  let value: unknown = claims;
  for (const name of typeof path === 'string' ? [path] : path) {
    if (!isRecord(value)) throw invalidClaim(path);
    if (!Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

export function textAt(claims: FrozenClaims, claim: TextClaim): string | undefined {
  for (const path of alternativesOf(claim)) {
    const value = valueAt(claims, path);
    if (value === undefined) continue;
    if (!isIdentityText(value)) throw invalidClaim(path);
    return value;
  }
  return undefined;
}

export function listsAt(claims: FrozenClaims, lists: readonly ListClaim[] = []): readonly string[] {
  return lists.flatMap(({ claim, form = ListForm.Array }) => {
    const value = valueAt(claims, claim);
    if (value === undefined) return [];
    const names = namesIn(value, form);
    if (names === undefined || !names.every(isIdentityText)) throw invalidClaim(claim);
    return names;
  });
}

/** The address if the issuer says that it is the user's. */
export function emailAt(claims: FrozenClaims, { claim, verifiedBy }: EmailClaim): string | undefined {
  const email = valueAt(claims, claim);
  if (email === undefined) return undefined;
  if (!isPlainEmail(email)) throw invalidClaim(claim);
  if (verifiedBy === null) return email;
  const verified = valueAt(claims, verifiedBy);
  if (verified !== undefined && typeof verified !== 'boolean') throw invalidClaim(verifiedBy);
  return verified === true ? email : undefined;
}

function alternativesOf(claim: TextClaim): readonly ClaimPath[] {
  return typeof claim === 'object' && 'firstOf' in claim ? claim.firstOf : [claim];
}

function namesIn(value: unknown, form: ListForm): readonly unknown[] | undefined {
  if (form === ListForm.Array) return Array.isArray(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (form === ListForm.Single) return [value];
  // A user without scopes has the empty text.
  return value === '' ? [] : value.split(form === ListForm.Spaced ? ' ' : ',');
}
