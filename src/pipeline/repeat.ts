/* A stage that does its work again until it is good enough, and makes its output of how that ended. */
import type { LoopPlan } from '../metadata/index.js';
import { runLoop } from '../run/index.js';
import {
  type ChildResults,
  type LoopContext,
  type StageContext,
  type StageInstance,
  StageOutput,
} from '../stage/index.js';
import { alsoCompensating, runPipeline } from './sub-pipeline.js';

/** What does the work: `iterate` once, `execute` for how the loop ended. */
interface LoopInstance extends StageInstance {
  iterate?(ctx: LoopContext, ...results: unknown[]): unknown;
}

/** Makes what is called of an instance. */
export function repeatBody({ run, ...plan }: LoopPlan) {
  return (instance: StageInstance): StageInstance => {
    if (run === null && !('iterate' in instance)) return instance; // it stands for the stage as a whole, as in a test
    const iterate = iterationOf(instance, run);
    const execute = async (ctx: StageContext): Promise<unknown> => {
      const result = await runLoop(ctx, { plan, iterate });
      return result instanceof StageOutput ? result : instance.execute(ctx, result);
    };
    return alsoCompensating(instance, execute);
  };
}

function iterationOf(instance: LoopInstance, run: LoopPlan['run']): (ctx: LoopContext) => unknown {
  if (run === null) return (ctx) => instance.iterate?.(ctx);
  return (ctx) =>
    runPipeline(
      ctx,
      run.run,
      () => run.input?.(ctx) ?? {},
      {},
      (_, results: ChildResults) =>
        instance.iterate === undefined ? StageOutput.ok(results) : instance.iterate(ctx, results),
    );
}
