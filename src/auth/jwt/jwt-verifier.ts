/*
 * Owns: the order of checks on a JWT. Size, form and header; key and signature; times, issuer and audience; claims.
 * Does not own: the cryptography and the key cache, which are jose's.
 *
 * Invariants
 *  1. Nothing that the token says is believed before its signature is checked, but which of the trusted keys to check with.
 *  2. Every check refuses by default: a claim that is needed and absent, or of another form, refuses.
 *  3. No error holds anything of the token.
 */
import { type JWTVerifyOptions, jwtVerify } from 'jose';
import { AuthError } from '../auth-error.js';
import { AuthFailureReason } from '../auth-failure.js';
import { type FrozenClaims, freezeClaims } from '../frozen-claims.js';
import type { TokenVerifier, VerifiedIdentity } from '../token-verifier.js';
import { mapClaims } from './claims/map-claims.js';
import { refusalOfJose } from './jose-refusals.js';
import type { JwtVerifierOptions } from './jwt-verifier-options.js';
import { readOptions, type VerifierSettings } from './read-options.js';
import { checkHeader, readObject } from './token-header.js';

/**
 * Recognises callers by the JSON Web Tokens of an issuer:
 * `new JwtVerifier({ keys: { jwksUrl }, issuer, audience, claims: ClaimMappings.okta() })`. One instance serves all runs
 * and keeps the issuer's keys. Tokens must have `exp`.
 *
 * @throws DefinitionError with AUTH_OPTION_INVALID for everything that is wrong with the options.
 */
export class JwtVerifier implements TokenVerifier {
  readonly #settings: VerifierSettings;
  readonly #jose: JWTVerifyOptions;

  constructor(options: JwtVerifierOptions) {
    const settings = readOptions(options);
    const { header, issuer, audience, audienceClaim, clockToleranceMs, maxTokenAgeMs, tokenType } = settings;
    this.#settings = settings;
    this.#jose = {
      algorithms: [...header.algorithms],
      issuer: [...issuer],
      ...(audienceClaim === 'aud' && { audience: [...audience] }),
      requiredClaims: ['exp'],
      clockTolerance: clockToleranceMs / 1_000,
      ...(maxTokenAgeMs !== undefined && { maxTokenAge: maxTokenAgeMs / 1_000 }),
      ...(tokenType !== undefined && { typ: tokenType }),
    };
  }

  async verify(token: string): Promise<VerifiedIdentity> {
    const { maxTokenBytes, header, keys, claims: mapping, now } = this.#settings;
    if (typeof token !== 'string') throw new AuthError(AuthFailureReason.Malformed);
    if (token.length > maxTokenBytes) throw new AuthError(AuthFailureReason.TooLarge);
    const payload = checkHeader(token, header);
    const nowMs = now();
    await this.#checkSignatureAndTimes(token, keys.key, nowMs);
    const claims = freezeClaims(readObject(payload));
    if (claims === undefined) throw new AuthError(AuthFailureReason.InvalidClaims);
    this.#checkOwn(claims, nowMs);
    return typeof mapping === 'function' ? mapping(claims) : mapClaims(claims, mapping);
  }

  /** Shows no key and no secret. */
  toJSON(): Record<string, unknown> {
    const { issuer, audience, header } = this.#settings;
    return { issuer, audience, algorithms: [...header.algorithms] };
  }

  async #checkSignatureAndTimes(token: string, key: VerifierSettings['keys']['key'], nowMs: number): Promise<void> {
    const options = { ...this.#jose, currentDate: new Date(nowMs) };
    try {
      await (typeof key === 'function' ? jwtVerify(token, key, options) : jwtVerify(token, key, options));
    } catch (error) {
      throw refusalOfJose(error);
    }
  }

  /** What jose does not check. */
  #checkOwn(claims: FrozenClaims, nowMs: number): void {
    const { audience, audienceClaim, expectedClaims, clockToleranceMs } = this.#settings;
    const { iat } = claims;
    if (iat !== undefined && typeof iat !== 'number') throw invalid('iat');
    if (iat !== undefined && iat * 1_000 > nowMs + clockToleranceMs) throw new AuthError(AuthFailureReason.NotYetValid);
    if (audienceClaim !== 'aud') checkAudience(claims[audienceClaim], audienceClaim, audience);
    else if (![claims.aud].flat().every((name) => typeof name === 'string')) throw invalid('aud');
    for (const [claim, value] of expectedClaims) {
      if (claims[claim] === undefined) throw new AuthError(AuthFailureReason.MissingClaims, { claim });
      if (claims[claim] !== value) throw invalid(claim);
    }
  }
}

function checkAudience(value: unknown, claim: string, audience: readonly string[]): void {
  if (value === undefined) throw new AuthError(AuthFailureReason.MissingClaims, { claim });
  if (typeof value !== 'string') throw invalid(claim);
  if (!audience.includes(value)) throw new AuthError(AuthFailureReason.WrongAudience);
}

function invalid(claim: string): AuthError {
  return new AuthError(AuthFailureReason.InvalidClaims, { claim });
}
