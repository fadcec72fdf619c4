import type { StageContext } from './stage-context.js';
import type { StageOutput } from './stage-output.js';
import type { StageSpec } from './stage-spec.js';
import type { ToolSpec } from './stage-tools.js';

/**
 * Runs everything inside this interceptor and gives the stage's output. It never rejects because the stage failed: a
 * throw arrives as an output with status `fail`, so that there is one way to see a failure. Call it at most once at a
 * time; calling it again after it settled is how retry works. Hand it the context that `ctx.withTimeout` gives, or
 * nothing to go on with the same one.
 */
export type Next = (ctx?: StageContext) => Promise<StageOutput>;

/**
 * Where an interceptor stands in the onion: lower is further out. The bands: security below 150, resilience from 150,
 * observability from 300, application from 400.
 */
export const InterceptorPriority = {
  Security: 100,
  Resilience: 200,
  Observability: 300,
  Application: 400,
} as const;

/** What it means that an interceptor itself fails. */
export const InterceptorRole = {
  /** The stage fails, and the failure names the interceptor. */
  Ordinary: 'ordinary',
  /** It only looks on: what it throws, or returns, changes nothing but the log and the event `interceptor.failed`. */
  Observer: 'observer',
  /** As ordinary, and no interceptor further out can make a success of it. The default in the security band. */
  Security: 'security',
} as const;
export type InterceptorRole = (typeof InterceptorRole)[keyof typeof InterceptorRole];

/** What both forms of interceptors say about themselves. */
export interface InterceptorTraits {
  /** Shown in descriptions and errors. Default: the class name. */
  readonly name?: string;
  /** Default `InterceptorPriority.Application`. */
  readonly priority?: number;
  /** Default: security in the security band, else ordinary. */
  readonly role?: InterceptorRole;
  /** Asked once per stage when the graph is bound; where it says false the interceptor costs nothing. Default true. */
  appliesTo?(stage: StageSpec): boolean;
  /** The same of a tool, around whose calls it then is as well; `ctx.tool` says which it is. Default false. */
  appliesToTool?(tool: ToolSpec): boolean;
}

/**
 * Wraps every execution of the stages it applies to.
 *
 * Order: by `priority`, lower outside; ties by declaration: application, module, pipeline, stage. What it throws fails
 * the stage, with the interceptor named. Keep what belongs to one call in local variables: one instance serves parallel
 * stages and runs.
 */
export interface Interceptor extends InterceptorTraits {
  intercept(ctx: StageContext, next: Next): StageOutput | Promise<StageOutput>;
}

/**
 * An interceptor that needs no wait: what it does before and after a stage the engine runs in line, which costs a tenth of an
 * onion layer. Several that stand side by side, and around a stage alone, cost no promise at all. It cannot run the stage
 * again, nor limit it.
 *
 * Implement at least one of the two.
 */
export interface InlineInterceptor<S = unknown> extends InterceptorTraits {
  /**
   * @returns a StageOutput to answer for the stage, which then does not run; anything else is kept for `after` of this call.
   * What it throws is a failure, of which its own `after` does not hear
   */
  before?(ctx: StageContext): S | StageOutput;
  /**
   * Sees every outcome, also of a stage that passed its limit or was cancelled.
   * @param state what `before` returned
   * @returns an output that stands instead, or nothing
   */
  after?(ctx: StageContext, output: StageOutput, state: S): StageOutput | void;
}

export type AnyInterceptor = Interceptor | InlineInterceptor<any>; // any: the state is between its own before and after

/** An interceptor class that the container builds, so that it can have services injected. */
// Constructor parameters are filled by the container; their types are checked there, from metadata.
export type InterceptorClass = new (...args: any[]) => AnyInterceptor;

/** What `@Intercept` and the `interceptors` lists take. */
export type InterceptorLike = InterceptorClass | AnyInterceptor;

/** Whether it has what an interceptor of one of the two forms must have. */
export function isInterceptor(value: unknown): value is AnyInterceptor {
  if (typeof value !== 'object' || value === null) return false;
  const { intercept, before, after } = value as Readonly<Record<string, unknown>>;
  if (intercept !== undefined) return typeof intercept === 'function';
  const has = (method: unknown): boolean => typeof method === 'function';
  return (has(before) || has(after)) && [before, after].every((method) => method === undefined || has(method));
}

export function isInline(interceptor: AnyInterceptor): interceptor is InlineInterceptor<any> {
  return !('intercept' in interceptor);
}
