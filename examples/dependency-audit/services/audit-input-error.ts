/** The audit cannot start, or cannot write its report, because of what it was given. The message says what to change. */
export class AuditInputError extends Error {
  static readonly code = 'AUDIT_INPUT';
  readonly code = AuditInputError.code;
  override readonly name = 'AuditInputError';
}
