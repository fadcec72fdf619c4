import type { AuthContext, OrgContext } from '../auth/index.js';
import type { ContextSnapshot, RunIdentity } from '../context/index.js';

/**
 * The run a service works for. Ask for it in a constructor to build something once per run; the class that asks becomes
 * run-scoped, and so does everything that needs it.
 */
export class RunContext {
  readonly pipeline: string;
  readonly snapshot: ContextSnapshot;
  readonly auth: AuthContext;
  readonly #org: () => OrgContext;
  readonly #signal: () => AbortSignal;

  /** Made by the engine. @param org @param signal give what is made when it is first asked for */
  constructor(
    pipeline: string,
    snapshot: ContextSnapshot,
    auth: AuthContext,
    org: () => OrgContext,
    signal: () => AbortSignal,
  ) {
    this.pipeline = pipeline;
    this.snapshot = snapshot;
    this.auth = auth;
    this.#org = org;
    this.#signal = signal;
  }

  get org(): OrgContext {
    return this.#org();
  }

  get runId(): string {
    return this.snapshot.identity.runId;
  }

  get identity(): RunIdentity {
    return this.snapshot.identity;
  }

  /** Aborts when the run is cancelled or fails. */
  get signal(): AbortSignal {
    return this.#signal();
  }
}
