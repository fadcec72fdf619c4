import { type EventSink, type RunOutcome, Stageflow } from 'stageflow';
import { AuditModule } from './modules/audit.module.js';
import { LICENCE_RULES, type LicenceRules } from './services/licence-policy.js';
import type { AuditRequest } from './stages/discover.js';

export interface AuditOptions {
  /** In place of the rules that `AuditModule` gives. */
  readonly rules?: LicenceRules | null;
  readonly sinks?: readonly EventSink[];
  readonly signal?: AbortSignal;
}

/** One audit, from wiring to clean-up. Resolves however the audit ended. */
export async function audit(request: AuditRequest, options: AuditOptions = {}): Promise<RunOutcome> {
  const { rules = null, sinks = [], signal } = options;
  const overrides = rules === null ? [] : [{ provide: LICENCE_RULES, useValue: rules }];
  await using app = await Stageflow.create(AuditModule, { sinks, overrides });
  const run = app.start(AuditModule, { input: request }, signal === undefined ? {} : { signal });
  return await run.result;
}
