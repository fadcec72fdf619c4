import { describe, it } from 'vitest';
import type { AnyInterceptor } from '../../src/stage/index.js';
import { type InterceptorKitOptions, InterceptorTestKit } from '../../src/testing/index.js';

/** The suite that every interceptor passes. `make` gives a fresh one each time. */
export function interceptorContract(
  name: string,
  make: () => AnyInterceptor,
  options: InterceptorKitOptions = {},
): void {
  describe(`${name} as an interceptor`, () => {
    for (const { name: sentence, run } of InterceptorTestKit.cases(make, options)) it(sentence, run);
  });
}
