// @ts-check
/* The graphs as stageflow pipelines. */
import { stageFunction } from './stages.mjs';

export const LIMITS = { timeoutMs: 60_000, maxConcurrency: 64 };

/** Does the least a sink can do and still keep an event alive: one nobody keeps might never be made. */
export class CountingSink {
  events = 0;
  /** @type {unknown} */
  last = null;

  /** @param {unknown} event */
  emit(event) {
    this.events++;
    this.last = event;
  }
}

/** What users write: look at the way in, look at the way out. */
export const sevenInterceptors = Array.from({ length: 7 }, (_, index) => ({
  name: `interceptor ${index}`,
  /** @param {unknown} _ctx @param {() => Promise<unknown>} next */
  async intercept(_ctx, next) {
    const output = await next();
    return output;
  },
}));

/**
 * @param {any} stageflow the module under test
 * @param {import('./graphs.mjs').GraphShape} graph
 * @param {{ limits?: boolean, interceptors?: readonly object[], stage?: (index: number) => () => unknown, stageOptions?: object }} [options]
 * @returns {any} a Pipeline
 */
export function pipelineOf(stageflow, graph, options = {}) {
  const { limits = false, interceptors = [], stage = (index) => stageFunction(graph.sync, index) } = options;
  const pipelineOptions = { interceptors, ...(limits ? { maxConcurrency: LIMITS.maxConcurrency } : {}) };
  const stageOptions = { ...(limits ? { timeoutMs: LIMITS.timeoutMs } : {}), ...options.stageOptions };
  let pipeline = new stageflow.Pipeline(graph.name, pipelineOptions);
  graph.stages.forEach(({ name, dependencies }, index) => {
    pipeline = pipeline.withStage(name, stage(index), { dependsOn: dependencies, ...stageOptions });
  });
  return pipeline;
}

/**
 * One run, with a caller's signal if there are limits.
 * @param {any} runnable @param {{ limits?: boolean }} [options] @returns {() => Promise<unknown>}
 */
export function runOf(runnable, { limits = false } = {}) {
  if (!limits) return () => runnable.run();
  const { signal } = new AbortController();
  return () => runnable.run({}, { signal });
}
