import { OrgContext, type TenantAccessDeniedError } from '../auth/index.js';
import type { RunState } from './run-state.js';

/** Reports what the organisation of a run denies, once each, with the stage that reached for it. */
export class TenantDenials {
  readonly #byStage = new Map<string | null, OrgContext>();
  readonly #reported = new WeakSet<object>();

  /** The organisation of the run as one stage sees it; `null` for what belongs to no stage. */
  orgOf(run: RunState, stage: string | null): OrgContext {
    let org = this.#byStage.get(stage);
    if (org === undefined) {
      org = run.org.watchedBy((error) => this.report(run, stage, error));
      this.#byStage.set(stage, org);
    }
    return org;
  }

  report({ reporter }: RunState, stage: string | null, error: TenantAccessDeniedError): void {
    if (this.#reported.has(error)) return;
    this.#reported.add(error);
    const { reason, details } = error;
    reporter.caller({ type: 'tenant.access_denied', stage, subject: String(details.subject), reason });
  }
}
