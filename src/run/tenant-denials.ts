import type { OrgContext, TenantAccessDeniedError } from '../auth/index.js';
import type { RunReporter } from './run-reporter.js';

interface DenyingRun {
  readonly org: OrgContext;
  readonly reporter: RunReporter;
}

/** Reports what the organisation of a run denies, once each, with the stage that reached for it. */
export class TenantDenials {
  readonly #byStage = new Map<string | null, OrgContext>();
  readonly #reported = new WeakSet<object>();

  /** The organisation of the run as one stage sees it; `null` for what belongs to no stage. */
  orgOf(run: DenyingRun, stage: string | null): OrgContext {
    let org = this.#byStage.get(stage);
    if (org === undefined) {
      org = run.org.watchedBy((error) => this.report(run, stage, error));
      this.#byStage.set(stage, org);
    }
    return org;
  }

  report({ reporter }: DenyingRun, stage: string | null, error: TenantAccessDeniedError): void {
    if (this.#reported.has(error)) return;
    this.#reported.add(error);
    const { reason, details } = error;
    reporter.rare({ type: 'tenant.access_denied', stage, subject: String(details.subject), reason });
  }
}
