import type { AccessRule } from '../auth/index.js';
import type { FailurePolicy } from '../graph/index.js';
import type { InterceptorLike } from '../stage/index.js';

export interface PipelineOptions {
  /** How many stages of a run may run at once. Default: no limit. */
  readonly maxConcurrency?: number;
  /** Default `fail-fast`. */
  readonly failurePolicy?: FailurePolicy;
  /** Around every stage added to this pipeline, and still around it when it is composed into another. Default none. */
  readonly interceptors?: readonly InterceptorLike[];
  /** Who may use its stages: combined with the rules of each, as `@RequireAuth()` and the like on a module. */
  readonly access?: readonly AccessRule[];
}
