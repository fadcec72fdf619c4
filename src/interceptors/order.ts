import { type Interceptor, InterceptorPriority, type StageSpec } from '../stage/index.js';

/** How an interceptor is called in descriptions and errors. */
export function interceptorName(interceptor: Interceptor): string {
  return interceptor.name ?? interceptor.constructor.name;
}

/**
 * The layers around one stage, outermost first: those that apply to it, by priority, ties in the order given (which is
 * application, module, pipeline, stage).
 */
export function orderInterceptors(interceptors: readonly Interceptor[], stage: StageSpec): readonly Interceptor[] {
  return sortByPriority(interceptors.filter((interceptor) => interceptor.appliesTo?.(stage) ?? true));
}

/** Outermost first; equal priorities keep their order. */
export function sortByPriority(interceptors: readonly Interceptor[]): readonly Interceptor[] {
  return [...interceptors].sort((a, b) => priorityOf(a) - priorityOf(b));
}

function priorityOf(interceptor: Interceptor): number {
  return interceptor.priority ?? InterceptorPriority.Application;
}
