import { StageGraph } from '../graph/index.js';
import { orderInterceptors } from '../interceptors/index.js';
import { type BoundPipeline, Engine, type PipelineRun, type RunInput, type StageResult } from '../run/index.js';
import type { AnyInterceptor, StageContext, StageKind } from '../stage/index.js';
import { ManualClock, settle } from './manual-clock.js';

/** A run that has not settled after so many steps of a minute each is taken to hang. */
const STEPS = 240;
const STEP_MS = 60_000;
const STAGE = 'Subject';
const GRACE_MS = 1_000;

/** One stage with one interceptor around it, on a clock of its own. */
export class InterceptorRig {
  readonly clock = new ManualClock();
  readonly #engine = new Engine({ clock: this.clock, graceMs: GRACE_MS, cleanupMs: GRACE_MS });
  readonly #bound: BoundPipeline;

  constructor(interceptor: AnyInterceptor, kind: StageKind, execute: (ctx: StageContext) => unknown) {
    const graph = StageGraph.create({ name: 'interceptor test', stages: [{ name: STAGE, kind }] });
    const interceptors = graph.stages.flatMap((spec) => orderInterceptors([interceptor], spec));
    const stage = { instance: { execute }, stageClass: null, condition: null, interceptors, contracts: null };
    this.#bound = { graph, openRun: null, stages: [stage] };
  }

  start(input: RunInput): PipelineRun {
    return this.#engine.start(this.#bound, input);
  }

  /**
   * How the stage ended in each of these runs, with as much time as they need.
   * @throws Error if one does not end, or a timer is left behind
   */
  async endings(runs: readonly PipelineRun[]): Promise<readonly StageResult[]> {
    let hasSettled = false;
    const outcomes = Promise.all(runs.map(({ result }) => result)).finally(() => {
      hasSettled = true;
    });
    await settle();
    for (let step = 0; step < STEPS && !hasSettled; step++) await this.clock.advance(STEP_MS);
    if (!hasSettled) throw new Error('The run does not end: the interceptor waits for something that never comes.');
    if (this.clock.pendingTimers > 0) throw new Error('The interceptor leaves a timer behind.');
    return (await outcomes).map(({ results }) => results.stage(STAGE));
  }

  async round(input: RunInput): Promise<StageResult> {
    const [result] = await this.endings([this.start(input)]);
    return result as StageResult;
  }
}
