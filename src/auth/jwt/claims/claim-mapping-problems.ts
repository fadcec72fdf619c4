import { isRecord } from '../../frozen-claims.js';
import { ListForm } from './claim-mapping.js';

const TEXTS = ['userId', 'clientId', 'sessionId', 'orgId', 'tenantId', 'planTier'];
const LISTS = ['roles', 'scopes', 'features'];
const FORMS: readonly unknown[] = Object.values(ListForm);

/** The names of the parts of a mapping that cannot be understood. */
export function claimMappingMistakes(mapping: Readonly<Record<string, unknown>>): readonly string[] {
  const wrong = (names: readonly string[], isRight: (value: unknown) => boolean) =>
    names.filter((name) => mapping[name] !== undefined && !isRight(mapping[name]));
  return [
    ...(mapping.userId === undefined ? ['userId'] : []),
    ...wrong(TEXTS, isTextClaim),
    ...wrong(LISTS, (lists) => Array.isArray(lists) && lists.every(isListClaim)),
    ...wrong(['email'], isEmailClaim),
    ...wrong(['serviceAccount'], (signs) => Array.isArray(signs) && signs.flat().every(isSign)),
    ...Object.keys(mapping).filter((name) => ![...TEXTS, ...LISTS, 'email', 'serviceAccount'].includes(name)),
  ];
}

function isPath(path: unknown): boolean {
  const names = Array.isArray(path) ? path : [path];
  return names.length > 0 && names.every((name) => typeof name === 'string' && name !== '');
}

function isTextClaim(claim: unknown): boolean {
  if (!isRecord(claim)) return isPath(claim);
  return Array.isArray(claim.firstOf) && claim.firstOf.length > 0 && claim.firstOf.every(isPath);
}

function isListClaim(list: unknown): boolean {
  return isRecord(list) && isPath(list.claim) && (list.form === undefined || FORMS.includes(list.form));
}

function isEmailClaim(email: unknown): boolean {
  return isRecord(email) && isPath(email.claim) && (email.verifiedBy === null || isPath(email.verifiedBy));
}

function isSign(sign: unknown): boolean {
  if (!isRecord(sign) || !isPath(sign.claim)) return false;
  return typeof sign.equals === 'string' || isPath(sign.sameAs) || sign.absent === true;
}
