import { isRecord } from '../frozen-claims.js';
import type { ClaimMapping } from './claims/claim-mapping.js';
import { claimMappingMistakes } from './claims/claim-mapping-problems.js';
import { ClaimMappings } from './claims/claim-mappings.js';
import type { ClaimReader, JwtVerifierOptions } from './jwt-verifier-options.js';
import { OptionProblems } from './option-problems.js';
import { readAlgorithms } from './read-algorithms.js';
import { readKeys, type VerificationKeys } from './read-keys.js';
import type { HeaderRules } from './token-header.js';

/** Options that have been understood. */
export interface VerifierSettings {
  readonly keys: VerificationKeys;
  readonly header: HeaderRules;
  readonly issuer: readonly string[];
  readonly audience: readonly string[];
  readonly audienceClaim: string;
  readonly expectedClaims: readonly (readonly [string, unknown])[];
  readonly claims: ClaimMapping | ClaimReader;
  readonly tokenType: string | undefined;
  readonly clockToleranceMs: number;
  readonly maxTokenAgeMs: number | undefined;
  readonly maxTokenBytes: number;
  /** The time of day, in ms. */
  readonly now: () => number;
}

const CLOCK_TOLERANCE_MS = 5_000;
const MAX_TOKEN_BYTES = 16_384;

/** @throws DefinitionError with everything that is wrong. */
export function readOptions(given: JwtVerifierOptions): VerifierSettings {
  const problems = new OptionProblems();
  const options: Readonly<Record<string, unknown>> = isRecord(given) ? given : {};
  const keys = readKeys(options.keys, problems);
  const algorithms = readAlgorithms(options.algorithms, keys, problems);
  const settings = {
    issuer: readNames(options, 'issuer', problems),
    audience: readNames(options, 'audience', problems),
    audienceClaim: readText(options, 'audienceClaim', problems) ?? 'aud',
    expectedClaims: readExpectedClaims(options.expectedClaims, problems),
    claims: readClaims(options.claims, problems),
    tokenType: readText(options, 'tokenType', problems),
    clockToleranceMs: readAmount(options, 'clockToleranceMs', problems) ?? CLOCK_TOLERANCE_MS,
    maxTokenAgeMs: readAmount(options, 'maxTokenAgeMs', problems),
    maxTokenBytes: readAmount(options, 'maxTokenBytes', problems) ?? MAX_TOKEN_BYTES,
    now: readClock(given?.clock),
  };
  const refuseKeyHeaders = readKeyHeaders(options.keyHeaders, problems);
  problems.throwIfAny();
  // Both are there unless a problem was found.
  return { ...settings, keys: keys!, header: { algorithms: algorithms!, kid: keys?.kid, refuseKeyHeaders } };
}

function readNames(options: Readonly<Record<string, unknown>>, name: string, problems: OptionProblems): string[] {
  const value = options[name];
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (names.length > 0 && names.every(isText)) return [...names];
  problems.add(name, 'is missing or no text', `Give the ${name} that tokens must have, or a list of them.`);
  return [];
}

function readText(
  options: Readonly<Record<string, unknown>>,
  name: string,
  problems: OptionProblems,
): string | undefined {
  const value = options[name];
  if (value === undefined || isText(value)) return value;
  problems.add(name, 'is no text', `Give a text, or leave ${name} out.`);
  return undefined;
}

function readAmount(
  options: Readonly<Record<string, unknown>>,
  name: string,
  problems: OptionProblems,
): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  problems.add(name, 'is no number of at least 0', `Give a finite number, or leave ${name} out.`);
  return undefined;
}

function readExpectedClaims(given: unknown, problems: OptionProblems): [string, unknown][] {
  if (given === undefined) return [];
  const claims = isRecord(given) ? Object.entries(given) : undefined;
  if (claims?.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) return claims;
  problems.add('expectedClaims', 'is no record of texts, numbers and booleans', 'Give { claim: value }.');
  return [];
}

function readClaims(given: unknown, problems: OptionProblems): ClaimMapping | ClaimReader {
  if (given === undefined) return ClaimMappings.oidc();
  if (typeof given === 'function') return given as ClaimReader;
  const mistakes = isRecord(given) ? claimMappingMistakes(given) : ['userId'];
  if (mistakes.length === 0) return structuredClone(given) as ClaimMapping;
  problems.add('claims', `cannot be understood in ${mistakes.join(', ')}`, 'Start from one of ClaimMappings.');
  return ClaimMappings.oidc();
}

function readKeyHeaders(given: unknown, problems: OptionProblems): boolean {
  if (given !== undefined && given !== 'refuse' && given !== 'ignore') {
    problems.add('keyHeaders', 'is neither "refuse" nor "ignore"', 'Give one of them.');
  }
  return given !== 'ignore';
}

/**
 * Not the system's `Clock` by default: that one counts from the start of the process and may stand still while the machine
 * sleeps, and then expired tokens would be taken.
 */
function readClock(clock: JwtVerifierOptions['clock']): () => number {
  return clock === undefined ? () => Date.now() : () => clock.toEpochMs(clock.now());
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
