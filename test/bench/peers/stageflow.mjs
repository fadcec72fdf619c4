// @ts-check
import { defaultStackOf, quiet } from '../default-stack.mjs';
import { CountingSink, pipelineOf, runOf } from '../pipelines.mjs';

/** With the default stack, a limit of each stage, a limit of how many run at once, a caller's signal and a sink. */
export async function prepare(/** @type {import('../graphs.mjs').GraphShape} */ graph, /** @type {string} */ index) {
  const stageflow = await import(index);
  const pipeline = pipelineOf(stageflow, graph, { limits: true, interceptors: defaultStackOf(stageflow) });
  return runOf(pipeline.build({ sinks: [new CountingSink()], logger: quiet }), { limits: true });
}
