import type { Interceptor, InterceptorClass } from '../stage/index.js';

/**
 * An interceptor class with its options filled in. The container, or the builder, makes one instance of it for each
 * application, so what the instance remembers outlives runs and is shared with no other application.
 */
export function bindOptions<O>(target: new (options: O) => Interceptor, options: O): InterceptorClass {
  // A class expression can only extend a constructor that takes anything.
  const Base = target as new (...args: any[]) => Interceptor;
  class Bound extends Base {
    constructor() {
      super(options);
    }
  }
  Object.defineProperty(Bound, 'name', { value: target.name });
  return Bound;
}
