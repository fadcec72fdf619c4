import { StageflowError } from '../errors/index.js';
import { TenantDenial } from './owned-resource.js';

const REASONS: Readonly<Record<TenantDenial, string>> = {
  'no-org': 'the caller belongs to no organisation',
  'other-org': 'it belongs to another organisation',
  unowned: 'it names no organisation and is not shared',
  unreadable: 'its organisation cannot be read',
};
const FIX: Readonly<Record<TenantDenial, string>> = {
  'no-org': 'Call with an identity that belongs to an organisation.',
  'other-org': "Look resources up by the caller's own organisation: filter by ctx.org.orgId.",
  unowned: 'Store its orgId with it, or mark it as shared: true.',
  unreadable: 'Hand over its orgId, or an object with orgId: string | null and shared?: boolean.',
};

/** A caller reached for what its organisation does not own. Says why, and never whose it is. */
export class TenantAccessDeniedError extends StageflowError {
  readonly reason: TenantDenial;

  /** @param subject what was reached for, in the program's own words: "the document". */
  constructor(reason: TenantDenial, subject: string) {
    super({
      code: 'TENANT_ACCESS_DENIED',
      message: `Access to ${subject} is denied: ${REASONS[reason]}.`,
      fix: FIX[reason],
      details: { reason, subject },
    });
    this.reason = reason;
  }
}

/** What asking for an organisation that is not there ends in. */
export function orgMissing(): TenantAccessDeniedError {
  return new TenantAccessDeniedError(TenantDenial.NoOrg, 'what belongs to an organisation');
}
