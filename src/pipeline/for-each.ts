/* A stage that does its work item by item, and makes its output of what all of them come to. */
import type { ItemPlan } from '../metadata/index.js';
import { type ItemJob, itemCall, runItems } from '../run/index.js';
import {
  type ItemContext,
  type SpawnInput,
  type StageClass,
  type StageContext,
  type StageInstance,
  StageOutput,
} from '../stage/index.js';
import { hasOutput } from './has-output.js';
import { alsoCompensating, runPipeline } from './sub-pipeline.js';

/** What does the work: `each` for one item, `execute` for what they come to. */
interface ItemsInstance extends StageInstance {
  each?(ctx: ItemContext, item: unknown, ...results: unknown[]): unknown;
}

/** Makes what is called of an instance. */
export function forEachBody({ source, ...plan }: ItemPlan & { readonly source: StageClass | string }) {
  let call: ItemJob['call'] | null = null;
  return (instance: StageInstance): StageInstance => {
    if (plan.run === null && !('each' in instance)) return instance; // it stands for the stage as a whole, as in a test
    const work = workOf(instance, plan.run);
    const execute = async (ctx: StageContext): Promise<unknown> => {
      if (!hasOutput(ctx, source)) return StageOutput.skip(`"${nameOf(source)}" has no output`);
      call ??= itemCall(plan.interceptors, ctx.stage.name);
      const items = (within: StageContext): unknown => plan.items(read(within, source), within);
      const joined = await runItems(ctx, { plan, items, work, call });
      return joined instanceof StageOutput ? joined : instance.execute(ctx, joined);
    };
    return alsoCompensating(instance, execute);
  };
}

function workOf(instance: ItemsInstance, run: ItemPlan['run']): ItemJob['work'] {
  if (run === null) return (ctx, item) => instance.each?.(ctx, item);
  return (ctx, item) => {
    const input = (): SpawnInput => run.input?.(item, ctx) ?? { input: item };
    return runPipeline(ctx, run.run, input, {}, (_, results) =>
      instance.each === undefined ? StageOutput.ok(results) : instance.each(ctx, item, results),
    );
  };
}

function read(ctx: StageContext, source: StageClass | string): unknown {
  return typeof source === 'string' ? ctx.inputs.from(source) : ctx.inputs.of(source);
}

function nameOf(source: StageClass | string): string {
  return typeof source === 'string' ? source : source.name;
}
