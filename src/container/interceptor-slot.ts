import type { InterceptorLike } from '../stage/index.js';
import type { PlanNode } from './plan-node.js';

/** An interceptor that is there already, or one the container builds. */
export type InterceptorSlot = { readonly like: InterceptorLike; readonly node: PlanNode | null };
