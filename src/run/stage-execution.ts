import type { StageflowError } from '../errors/index.js';
import type { SkipCause } from '../events/index.js';
import type { InlineCall } from '../interceptors/index.js';
import { deepFreeze } from '../payload/index.js';
import type { StageFailure } from '../stage/index.js';
import type { CancelScope } from './cancel-scope.js';
import type { CompiledStage } from './compiled-stage.js';

/** How one stage of a run stands. `not-started` is final for stages that a failed or cancelled run never reached. */
export const StageState = {
  NotStarted: 'not-started',
  Running: 'running',
  Ok: 'ok',
  Skip: 'skip',
  Cancel: 'cancel',
  Fail: 'fail',
} as const;
export type StageState = (typeof StageState)[keyof typeof StageState];

/** The limit of a stage that runs. */
export interface ArmedLimit {
  /** The stage has settled. @returns how it ends if its limit has passed, whatever it did afterwards */
  disarm(): StageflowError | null;
}

/** Why a stage did not complete. */
export interface StageEnding {
  readonly reason: string;
  readonly skipCause: SkipCause | null;
  readonly failure: StageFailure | null;
}

/** The engine's record of one stage in one run: what the context works on while it runs, what the results read after. */
export class StageExecution {
  readonly stage: CompiledStage;
  state: StageState = StageState.NotStarted;
  data: object | undefined = undefined;
  /** Null as long as it is not over, and for ok: most stages need no more than the fields here. */
  ending: StageEnding | null = null;
  /** How often the stage itself was called: 0 if an interceptor answered for it. */
  attempts = 0;
  /** Readings of the run's clock; -1 as long as the stage has not been called. */
  startedAt = -1;
  settledAt = 0;
  /** Bodies alive inside the stage's onion; a stage without one is itself the body. */
  bodies = 0;
  /** Armed while the stage runs, if it has one with nothing around it. */
  limit: ArmedLimit | null = null;
  /** What its inline interceptors keep while it runs, if it has any and no onion. */
  inline: InlineCall | null = null;
  /** Made when the stage first asks for its signal, a sleep or a limit. */
  scope: CancelScope | null = null;

  constructor(stage: CompiledStage) {
    this.stage = stage;
  }

  /** The execution of the stage as a whole: this one, unless it is that of one of its items. */
  get whole(): StageExecution {
    return this;
  }

  get reason(): string | null {
    return this.ending === null ? null : this.ending.reason;
  }

  get skipCause(): SkipCause | null {
    return this.ending === null ? null : this.ending.skipCause;
  }

  get failure(): StageFailure | null {
    return this.ending === null ? null : this.ending.failure;
  }

  /** It is over, however it ended. */
  get settled(): boolean {
    return this.state !== StageState.Running && this.state !== StageState.NotStarted;
  }

  get ran(): boolean {
    return this.startedAt >= 0;
  }

  get durationMs(): number {
    return this.ran ? this.settledAt - this.startedAt : 0;
  }

  /**
   * What the stage handed on, for others to read. Frozen throughout from the first read on: nobody changes what another
   * has read, and what nobody reads costs nothing.
   */
  get output(): object | undefined {
    return deepFreeze(this.data);
  }
}

/** The scope of a stage, made when something first needs it. */
export function stageScope(run: { readonly scope: CancelScope }, execution: StageExecution): CancelScope {
  execution.scope ??= run.scope.child();
  return execution.scope;
}
