import type { NestRuntime } from './nest-runtime.js';

/** What `check` gives: the form of the indicators of `@nestjs/terminus`. */
export type StageflowHealthResult<K extends string = string> = Record<
  K,
  { readonly status: 'up' | 'down'; readonly state: 'running' | 'closing' | 'closed'; readonly running: number }
>;

/** Says whether the application takes new runs, for health checks: inject it into the controller that answers them. */
export class StageflowHealth {
  readonly #runtime: NestRuntime;

  /** Made by `StageflowModule.forRoot`. */
  constructor(runtime: NestRuntime) {
    this.#runtime = runtime;
  }

  /** `up` while new runs are accepted; `down` from the moment the application begins to close. Never throws. */
  check<K extends string = 'stageflow'>(key: K = 'stageflow' as K): StageflowHealthResult<K> {
    const { status: state, running } = this.#runtime;
    const result = { status: state === 'running' ? 'up' : 'down', state, running } as const;
    return { [key]: result } as StageflowHealthResult<K>;
  }
}
