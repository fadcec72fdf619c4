import type { StageContext } from './stage-context.js';
import type { StageOutput } from './stage-output.js';
import type { StageSpec } from './stage-spec.js';

/**
 * Runs everything inside this interceptor and gives the stage's output. It never rejects because the stage failed: a
 * throw arrives as an output with status `fail`, so that there is one way to see a failure. Call it at most once at a
 * time; calling it again after it settled is how retry works. Hand it the context that `ctx.withTimeout` gives, or
 * nothing to go on with the same one.
 */
export type Next = (ctx?: StageContext) => Promise<StageOutput>;

/** Where an interceptor stands in the onion: lower is further out. */
export const InterceptorPriority = {
  Security: 100,
  Resilience: 200,
  Observability: 300,
  Application: 400,
} as const;

/**
 * Wraps every execution of the stages it applies to.
 *
 * Order: by `priority`, lower outside; ties by declaration: application, module, pipeline, stage. What it throws fails
 * the stage, with the interceptor named. Keep what belongs to one call in local variables: one instance serves parallel
 * stages and runs.
 */
export interface Interceptor {
  /** Shown in descriptions and errors. Default: the class name. */
  readonly name?: string;
  /** Default `InterceptorPriority.Application`. */
  readonly priority?: number;
  /** Asked once per stage when the graph is bound; where it says false the interceptor costs nothing. Default true. */
  appliesTo?(stage: StageSpec): boolean;
  intercept(ctx: StageContext, next: Next): StageOutput | Promise<StageOutput>;
}

/** An interceptor class that the container builds, so that it can have services injected. */
// Constructor parameters are filled by the container; their types are checked there, from metadata.
export type InterceptorClass = new (...args: any[]) => Interceptor;

/** What `@Intercept` and the `interceptors` lists take. */
export type InterceptorLike = InterceptorClass | Interceptor;
