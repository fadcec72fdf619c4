/*
 * Builds what belongs to one run.
 *
 * Owns: the instances of a run and their disposal. Shares with other runs: the singletons, and the steps compiled once.
 *
 * Invariants
 *  1. Steps stand in an order in which each comes after what it needs, so a run walks an array and looks nothing up.
 *  2. A run that needs no await is built without one; from the first asynchronous factory on each step is awaited.
 *  3. If a step fails, what the run has built is disposed before the failure is reported.
 */
import { Scope } from '../metadata/index.js';
import type { BoundPipeline, RunInstances } from '../run/index.js';
import type { RunContext, StageInstance } from '../stage/index.js';
import { DisposalList, disposeFailed } from './disposal.js';
import { type Frame, UNBUILT } from './frame.js';
import { InstanceBuilder, type Read } from './instance-builder.js';
import { Pending } from './pending.js';
import { type PlanNode } from './plan-node.js';

/** What all runs of one pipeline share. */
interface RunPlan {
  readonly steps: readonly Read[];
  /** Where the instance of a stage stands, by stage index; -1 for a stage that all runs share. */
  readonly stageSlots: readonly number[];
  readonly application: DisposalList;
  /** What only a run of an organisation may have. */
  readonly ofTenant: readonly string[];
}

/**
 * Compiles what a run of a pipeline builds; null if that is nothing.
 *
 * @param stages the nodes behind the stages, by index of the graph
 */
export function compileRunScope(
  stages: readonly PlanNode[],
  singletons: readonly unknown[],
  application: DisposalList,
): BoundPipeline['openRun'] {
  const roots = stages.map((stage) => stage.target);
  const built = runBoundNodes(roots);
  if (built.length === 0) return null;
  const slots = new Map(built.map((node, slot) => [node, slot]));
  const builder = new InstanceBuilder(singletons, slots);
  const plan: RunPlan = {
    steps: built.map((node) => builder.builder(node)),
    stageSlots: roots.map((node) => slots.get(node) ?? -1),
    application,
    ofTenant: built.filter(({ record }) => record.scope === Scope.Tenant).map(({ name }) => name),
  };
  return (run) => openRun(plan, run);
}

/** Everything of a run that the stages reach, also lazily, each after what it needs. */
function runBoundNodes(roots: readonly PlanNode[]): readonly PlanNode[] {
  const stages = new Set(roots);
  const reached = new Set(roots);
  for (const node of reached) {
    for (const dependency of node.dependencies) {
      if (dependency.node?.needsRun) reached.add(dependency.node.target);
    }
  }
  // A transient is built where it is needed; a transient stage, by the run that runs it.
  return [...reached]
    .filter((node) => node.needsRun && node.record.source.kind !== 'run')
    .filter((node) => node.scope === Scope.Run || stages.has(node))
    .sort((a, b) => a.order - b.order);
}

function openRun(plan: RunPlan, run: RunContext): RunInstances | Promise<RunInstances> {
  const { steps, application, ofTenant } = plan;
  // Nobody owns '', so that a run without organisation is denied; any other owns what is its own.
  for (const name of ofTenant) run.org.assertOwns(run.org.orgId ?? '', name);
  const values = new Array<unknown>(steps.length).fill(UNBUILT);
  const frame: Frame = { values, run, owned: new DisposalList(application) };
  for (let slot = 0; slot < steps.length; slot++) {
    let value: unknown;
    try {
      value = (steps[slot] as Read)(frame);
    } catch (error) {
      return abandon(frame, error);
    }
    if (Pending.is(value)) return openAwaiting(plan, frame, slot, value);
    values[slot] = value;
  }
  return new InstancesOfRun(plan, frame);
}

async function openAwaiting(plan: RunPlan, frame: Frame, start: number, first: Pending): Promise<RunInstances> {
  try {
    for (let slot = start; slot < plan.steps.length; slot++) {
      const value = slot === start ? first : (plan.steps[slot] as Read)(frame);
      if (Pending.is(value)) await value.settled;
      frame.values[slot] = Pending.is(value) ? value.value : value;
    }
  } catch (error) {
    return abandon(frame, error);
  }
  return new InstancesOfRun(plan, frame);
}

/** What fails while it is disposed does not hide why the run could not be opened. */
async function abandon(frame: Frame, error: unknown): Promise<never> {
  await frame.owned.disposeAll();
  throw error;
}

class InstancesOfRun implements RunInstances {
  readonly #plan: RunPlan;
  readonly #frame: Frame;

  constructor(plan: RunPlan, frame: Frame) {
    this.#plan = plan;
    this.#frame = frame;
  }

  stage(index: number): StageInstance {
    return this.#frame.values[this.#plan.stageSlots[index] as number] as StageInstance;
  }

  close(): void | Promise<void> {
    return this.#frame.owned.isEmpty ? undefined : this.#dispose();
  }

  async #dispose(): Promise<void> {
    const failures = await this.#frame.owned.disposeAll();
    if (failures.length > 0) throw disposeFailed(`Run ${this.#frame.run?.runId}`, failures);
  }
}
