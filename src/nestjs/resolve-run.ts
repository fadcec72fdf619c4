import { ContextIdFactory } from '@nestjs/core';
import type { RunInstances } from '../run/index.js';
import type { RunContext } from '../stage/index.js';
import { InstancesOfRun } from './instances-of-run.js';
import { moduleRefOf } from './module-ref.js';
import { dependenciesOf, inOrder, nameOfWrapper, type Wrapper } from './wrappers.js';

type ContextId = ReturnType<typeof ContextIdFactory.create>;

/**
 * Has Nest build what is run-scoped: right for whatever Nest can build.
 *
 * @param stages by index of the graph; null for what all runs share
 * @param source what stands for the run among Nest's providers
 * @throws what Nest throws, once what was built is disposed
 */
export async function resolveRun(
  stages: readonly (Wrapper | null)[],
  source: Wrapper | undefined,
  run: RunContext,
  request: unknown,
): Promise<RunInstances> {
  const contextId = ContextIdFactory.create();
  const ofRun = stages.filter((stage) => stage !== null);
  // An override of RunContext by a value is for all runs.
  if (source?.isDependencyTreeStatic() === false) {
    source.setInstanceByContextId(contextId, { instance: run, isResolved: true, isPending: false } as never);
  }
  moduleRefOf(ofRun[0] as Wrapper).registerRequestByContextId(request, contextId); // there is one, else nothing is opened
  const settled = await Promise.allSettled(stages.map((stage) => (stage === null ? null : resolve(stage, contextId))));
  const made = madeFor(ofRun, contextId);
  const names = made.map(([wrapper]) => ({ name: nameOfWrapper(wrapper) }));
  const values = made.map(([, value]) => value);
  const given = settled.map((result) => (result.status === 'fulfilled' ? result.value : null));
  const instances = new InstancesOfRun(run, names, values, (index) => given[index]);
  const failed = settled.find((result) => result.status === 'rejected');
  return failed === undefined ? instances : instances.abandon(failed.reason);
}

function resolve(stage: Wrapper, contextId: ContextId): Promise<unknown> {
  return moduleRefOf(stage).resolve(stage.token as never, contextId, { strict: true });
}

/** What Nest has built for one run, each after what it needs; not what a factory was given and handed on. */
function madeFor(stages: readonly Wrapper[], contextId: ContextId): readonly (readonly [Wrapper, unknown])[] {
  const ofRun = (wrapper: Wrapper): boolean => !wrapper.isDependencyTreeStatic() && !wrapper.isDependencyTreeDurable();
  return inOrder(stages, ofRun).flatMap((wrapper): readonly (readonly [Wrapper, unknown])[] => {
    if (wrapper.isTransient) return [];
    const { instance, isResolved } = wrapper.getInstanceByContextId(contextId);
    if (isResolved !== true || instance === undefined) return [];
    const isHandedOn =
      wrapper.isFactory &&
      dependenciesOf(wrapper).some((needed) => needed?.getInstanceByContextId(contextId).instance === instance);
    return isHandedOn ? [] : [[wrapper, instance]];
  });
}
