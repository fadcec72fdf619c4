import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Observable } from 'rxjs';
import type { NestRuntime } from './nest-runtime.js';

/** Makes the caller of a request known to the runs its handler starts. Controllers stay singletons. */
export class CallerInterceptor implements NestInterceptor {
  readonly #runtime: NestRuntime;

  constructor(runtime: NestRuntime) {
    this.#runtime = runtime;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> | Promise<Observable<unknown>> {
    const { auth } = this.#runtime.options;
    return auth === undefined ? next.handle() : this.#withCaller(auth(context), context, next);
  }

  async #withCaller(
    reading: ReturnType<NonNullable<NestRuntime['options']['auth']>>,
    context: ExecutionContext,
    next: CallHandler,
  ): Promise<Observable<unknown>> {
    const caller = await reading;
    const request: unknown = context.getType() === 'http' ? context.switchToHttp().getRequest() : undefined;
    return this.#runtime.within({ caller, request }, () => next.handle());
  }
}
