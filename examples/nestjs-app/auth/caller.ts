import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedIdentity } from 'stageflow';

/** What the guard leaves on a request. */
export interface KnownRequest {
  readonly headers: { readonly authorization?: string };
  caller?: AuthenticatedIdentity;
}

/** Who calls, as the guard has verified it; undefined where a handler is public. */
export function callerOf(context: ExecutionContext): AuthenticatedIdentity | undefined {
  return context.switchToHttp().getRequest<KnownRequest>().caller;
}

/** The caller as a parameter of a handler: `list(@Caller() caller: AuthenticatedIdentity)`. */
export const Caller = createParamDecorator((_data: unknown, context: ExecutionContext) => callerOf(context));
