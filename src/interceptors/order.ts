import {
  type AnyInterceptor,
  InterceptorPriority,
  InterceptorRole,
  type StageSpec,
  type ToolSpec,
} from '../stage/index.js';

/** The bands of priorities, outermost first. */
export const InterceptorBand = {
  Security: 'security',
  Resilience: 'resilience',
  Observability: 'observability',
  Application: 'application',
} as const;
export type InterceptorBand = (typeof InterceptorBand)[keyof typeof InterceptorBand];

/** How an interceptor is called in descriptions and errors. */
export function interceptorName(interceptor: AnyInterceptor): string {
  return interceptor.name ?? interceptor.constructor.name;
}

/** Where the bands begin; resilience before its value, since what keeps results stands outside of what tries again. */
const FIRST = {
  resilience: InterceptorPriority.Resilience - 50,
  observability: InterceptorPriority.Observability,
  application: InterceptorPriority.Application,
};

/** Everything before the resilience band is security: what stands outside of all else decides whether anything runs. */
export function bandOf(interceptor: AnyInterceptor): InterceptorBand {
  const priority = priorityOf(interceptor);
  if (priority >= FIRST.application) return InterceptorBand.Application;
  if (priority >= FIRST.observability) return InterceptorBand.Observability;
  return priority >= FIRST.resilience ? InterceptorBand.Resilience : InterceptorBand.Security;
}

export function roleOf(interceptor: AnyInterceptor): InterceptorRole {
  if (interceptor.role !== undefined) return interceptor.role;
  return bandOf(interceptor) === InterceptorBand.Security ? InterceptorRole.Security : InterceptorRole.Ordinary;
}

/**
 * The layers around one stage, outermost first: those that apply to it, by priority, ties in the order given (which is
 * application, module, pipeline, stage).
 */
export function orderInterceptors(
  interceptors: readonly AnyInterceptor[],
  stage: StageSpec,
): readonly AnyInterceptor[] {
  return sortByPriority(interceptors.filter((interceptor) => interceptor.appliesTo?.(stage) ?? true));
}

/** The same around the calls of a tool: `own` are those of the tool itself, which apply in any case. */
export function orderToolInterceptors(
  around: readonly AnyInterceptor[],
  own: readonly AnyInterceptor[],
  tool: ToolSpec,
): readonly AnyInterceptor[] {
  return sortByPriority([...around.filter((interceptor) => interceptor.appliesToTool?.(tool) ?? false), ...own]);
}

/** Outermost first; equal priorities keep their order. */
export function sortByPriority(interceptors: readonly AnyInterceptor[]): readonly AnyInterceptor[] {
  return [...interceptors].sort((a, b) => priorityOf(a) - priorityOf(b));
}

function priorityOf(interceptor: AnyInterceptor): number {
  return interceptor.priority ?? InterceptorPriority.Application;
}

/** An interceptor as descriptions show it. */
export function describeInterceptor(interceptor: AnyInterceptor) {
  return {
    interceptor: interceptorName(interceptor),
    band: bandOf(interceptor),
    priority: priorityOf(interceptor),
    role: roleOf(interceptor),
  };
}
