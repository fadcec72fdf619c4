import type { AuthContext, OrgContext } from '../auth/index.js';
import type { Clock } from '../clock/index.js';
import type { ContextSnapshot } from '../context/index.js';
import type { StageflowLogger } from '../events/index.js';
import type { CompensationContext, StageSpec } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import type { CompiledStage } from './compiled-stage.js';
import type { RunState } from './run-state.js';
import { stageLogger } from './stage-logger.js';

/** What one compensation sees of its run. Its signal is that of the budget: the run's own may have aborted long ago. */
export class UndoContext implements CompensationContext {
  readonly #run: RunState;
  readonly #stage: CompiledStage;
  readonly #scope: CancelScope;

  constructor(run: RunState, stage: CompiledStage, scope: CancelScope) {
    this.#run = run;
    this.#stage = stage;
    this.#scope = scope;
  }

  get stage(): StageSpec {
    return this.#stage.spec;
  }

  get pipeline(): string {
    return this.#run.pipeline;
  }

  get runId(): string {
    return this.#run.snapshot.identity.runId;
  }

  get snapshot(): ContextSnapshot {
    return this.#run.snapshot;
  }

  get auth(): AuthContext {
    return this.#run.auth;
  }

  get org(): OrgContext {
    return this.#run.resources.tenantDenials.orgOf(this.#run, this.#stage.name);
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }

  get clock(): Clock {
    return this.#run.parts.clock;
  }

  get logger(): StageflowLogger {
    return stageLogger(this.#run, this.#stage);
  }
}
