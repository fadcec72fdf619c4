/*
 * Builds what is run-scoped from what Nest has recorded, without asking Nest again.
 *
 * Invariants
 *  1. Overrides are in: Nest applies them to its records before it builds anything.
 *  2. Steps stand in an order in which each comes after what it needs; every one is synchronous.
 *  3. What is not understood down to the last provider is not planned at all.
 */
import type { RunInstances } from '../run/index.js';
import type { RunContext } from '../stage/index.js';
import { InstancesOfRun } from './instances-of-run.js';
import { obstacleOf, parameterCount } from './plan-obstacles.js';
import { dependenciesOf, inOrder, nameOfWrapper, type Wrapper } from './wrappers.js';

/** Where a run and its request stand among Nest's providers. */
export interface RunSources {
  readonly run: Wrapper | undefined;
  readonly request: Wrapper | undefined;
}

interface Frame {
  readonly values: unknown[];
  readonly run: RunContext;
  readonly request: unknown;
}
type Read = (frame: Frame) => unknown;

interface Step {
  readonly name: string;
  readonly build: Read;
}

export interface RunPlan {
  readonly steps: readonly Step[];
  /** Where the instance of a stage stands, by stage index; -1 for one that all runs share. */
  readonly stageSlots: readonly number[];
}

interface Planned {
  readonly plan: RunPlan | null;
  readonly slowBecause: string | null;
  /** Nest may record what is missing when it builds it for the first time. */
  readonly isUnrecorded: boolean;
}

/** @param hasBuilt Nest has built everything once: what it has not recorded by then is not there */
export function planRun(stages: readonly (Wrapper | null)[], sources: RunSources, hasBuilt: boolean): Planned {
  const roots = stages.filter((stage) => stage !== null);
  const isGiven = (wrapper: Wrapper): boolean => wrapper === sources.run || wrapper === sources.request;
  const built = inOrder(roots, (wrapper) => !wrapper.isDependencyTreeStatic() && !isGiven(wrapper));
  for (const wrapper of built) {
    const slowBecause = obstacleOf(wrapper);
    if (slowBecause !== null) return { plan: null, slowBecause, isUnrecorded: false };
  }
  const unrecorded = built.find((wrapper) => dependenciesOf(wrapper).length < parameterCount(wrapper));
  if (unrecorded !== undefined) {
    const name = nameOfWrapper(unrecorded);
    const slowBecause = hasBuilt
      ? `${name} asks for something optional that nobody provides`
      : `Nest has not recorded yet what ${name} needs; it does when it first builds it`;
    return { plan: null, slowBecause, isUnrecorded: !hasBuilt };
  }
  const slots = new Map(built.map((wrapper, slot) => [wrapper, slot]));
  const reader = (wrapper: Wrapper): Read => {
    if (wrapper === sources.run) return (frame) => frame.run;
    if (wrapper === sources.request) return (frame) => frame.request;
    const slot = slots.get(wrapper);
    if (slot !== undefined) return (frame) => frame.values[slot];
    const { instance } = wrapper;
    return () => instance;
  };
  const steps = built.map((wrapper) => ({ name: nameOfWrapper(wrapper), build: builder(wrapper, reader) }));
  const stageSlots = stages.map((stage) => (stage === null ? -1 : (slots.get(stage) ?? -1)));
  return { plan: { steps, stageSlots }, slowBecause: null, isUnrecorded: false };
}

function builder(wrapper: Wrapper, reader: (wrapper: Wrapper) => Read): Read {
  const readers = dependenciesOf(wrapper).map((dependency) => reader(dependency as Wrapper));
  const [only] = readers;
  if (wrapper.isAlias && only !== undefined) return only;
  const args = (frame: Frame): unknown[] => readers.map((read) => read(frame));
  if (wrapper.isFactory) {
    const make = wrapper.metatype as (...given: unknown[]) => unknown;
    return (frame) => make(...args(frame));
  }
  const Made = wrapper.metatype as new (...given: unknown[]) => unknown;
  return (frame) => new Made(...args(frame));
}

/** @throws what a constructor throws, once what was built before it is disposed */
export function openPlanned(
  { steps, stageSlots }: RunPlan,
  run: RunContext,
  request: unknown,
): RunInstances | Promise<RunInstances> {
  const values: unknown[] = [];
  const frame: Frame = { values, run, request };
  const owner = new InstancesOfRun(run, steps, values, (stage) => values[stageSlots[stage] as number]);
  try {
    for (const step of steps) values.push(step.build(frame));
  } catch (error) {
    return owner.abandon(error);
  }
  return owner;
}
