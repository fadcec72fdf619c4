import { Access, type AccessPolicy, type AccessRule } from '../auth/index.js';
import { StageflowError } from '../errors/index.js';
import { interceptorName, orderInterceptors } from '../interceptors/index.js';
import { bodyOf, withoutSkipped } from '../pipeline/index.js';
import type { BoundContracts, BoundStage } from '../run/index.js';
import { type AnyInterceptor, isInterceptor, type StageInstance, type StageSpec } from '../stage/index.js';
import type { AccessSlot } from './access-plan.js';
import type { InterceptorSlot } from './interceptor-slot.js';
import type { PlannedStage } from './pipeline-plan.js';
import type { PlanNode } from './plan-node.js';

/** Where a stage stands. */
export interface StagePlace {
  readonly spec: StageSpec;
  readonly pipeline: string;
  readonly contracts: BoundContracts | null;
}

/**
 * Puts something to run behind a planned stage.
 *
 * @param instance the one that all runs share; null for a run-scoped stage
 * @param valueOfNode gives the instance of an interceptor or access policy class
 * @param outside interceptors of the application, where the plan does not know them
 * @throws DI_INVALID_PROVIDER if an instance lacks the method it is there for
 */
export function bindStage(
  { declaration, interceptors, access, node }: PlannedStage,
  { spec, pipeline, contracts }: StagePlace,
  instance: { readonly shared: unknown } | null,
  valueOfNode: (node: PlanNode) => unknown,
  outside: readonly AnyInterceptor[] = [],
): BoundStage {
  if (instance !== null) requireMethod(instance.shared, 'execute', `Stage ${node.name}`);
  const layers = [...outside, ...interceptors.map((slot) => interceptorOf(slot, valueOfNode))];
  return {
    instance: instance === null ? null : (instance.shared as StageInstance),
    body: bodyOf(declaration.driver),
    stageClass: declaration.stageClass,
    namespace: declaration.namespace,
    condition: declaration.condition?.predicate ?? null,
    interceptors: orderInterceptors(withoutSkipped(layers, declaration.skips, { pipeline, stage: spec.name }), spec),
    access: access.map((slot) => ruleOf(slot, valueOfNode)),
    contracts,
  };
}

/** @throws DI_INVALID_PROVIDER */
export function interceptorOf(
  { like, node }: InterceptorSlot,
  valueOfNode: (node: PlanNode) => unknown,
): AnyInterceptor {
  const interceptor = node === null ? like : valueOfNode(node);
  const name = node?.name ?? interceptorName(like as AnyInterceptor);
  return requireInterceptor(interceptor, `Interceptor ${name}`);
}

/** @throws DI_INVALID_PROVIDER */
export function requireInterceptor(value: unknown, what: string): AnyInterceptor {
  if (isInterceptor(value)) return value;
  throw new StageflowError({
    code: 'DI_INVALID_PROVIDER',
    message: `${what} is provided by something without intercept().`,
    fix: 'Provide an object that has the method intercept, or before or after.',
    details: { provider: what, method: 'intercept' },
  });
}

/** @throws DI_INVALID_PROVIDER */
export function ruleOf({ rule, node }: AccessSlot, valueOfNode: (node: PlanNode) => unknown): AccessRule {
  if (node === null) return rule;
  const policy = valueOfNode(node);
  requireMethod(policy, 'decide', `Access policy ${node.name}`);
  return Access.policy(policy as AccessPolicy);
}

/** @throws DI_INVALID_PROVIDER */
export function requireMethod(value: unknown, method: string, what: string): void {
  const found = (value as Record<string, unknown> | null | undefined)?.[method];
  if (typeof found === 'function') return;
  throw new StageflowError({
    code: 'DI_INVALID_PROVIDER',
    message: `${what} is provided by something without ${method}().`,
    fix: `Provide an object that has the method ${method}.`,
    details: { provider: what, method },
  });
}
