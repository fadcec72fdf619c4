import { StageflowError } from '../errors/index.js';
import type { StageContext, StageTools } from '../stage/index.js';
import type { ToolCallLog, ToolHost, ToolReport } from '../tools/index.js';
import { CallCounter } from './call-counter.js';
import { ItemExecution } from './item-execution.js';
import type { RunState } from './run-state.js';
import type { StageExecution } from './stage-execution.js';

/** What a stage calls tools with, under the limits of `ctx`. */
export function openTools(run: RunState, execution: StageExecution, ctx: StageContext): StageTools {
  const { tools } = run.compiled.bound;
  if (tools === undefined) throw noTools(run.pipeline, execution.stage.name);
  return tools.open(new StageToolHost(run, execution, ctx));
}

class StageToolHost implements ToolHost {
  readonly #run: RunState;
  readonly #execution: StageExecution;
  readonly ctx: StageContext;

  constructor(run: RunState, execution: StageExecution, ctx: StageContext) {
    this.#run = run;
    this.#execution = execution;
    this.ctx = ctx;
  }

  get mode(): string | null {
    return this.#run.options.toolMode ?? this.#run.parts.toolMode;
  }

  get calls(): ToolCallLog | null {
    const { record } = this.#run;
    return record === null ? null : record.toolCalls;
  }

  get listening(): boolean {
    return this.#run.reporter.active;
  }

  get round(): number {
    const { loops } = this.#run;
    return loops === null ? 1 : loops.earlierOf(this.#execution.stage.index).rounds + 1;
  }

  get item(): string | null {
    return this.#execution instanceof ItemExecution ? this.#execution.key : null;
  }

  nextCall(): number {
    const { tools } = this.#run.resources;
    let counter = tools.get(this.#execution);
    if (counter === undefined) {
      counter = new CallCounter();
      tools.set(this.#execution, counter);
    }
    return counter.next(this.ctx.attempt);
  }

  outlives<T>(call: Promise<T>): Promise<T> {
    const { life } = this.#run;
    const execution = this.#execution;
    const leave = (): void => {
      if (!(execution.whole.scope?.abandoned ?? false)) life.leave(execution);
    };
    life.enter(execution);
    call.then(leave, leave);
    return call;
  }

  get tellsArguments(): boolean {
    return this.#run.parts.toolArguments;
  }

  hide(value: unknown, model: object): void {
    this.#run.resources.hide(this.#run, value, classOf(model));
  }

  shown(value: unknown, model: object): unknown {
    const masker = this.#run.maskerFor(this.#execution.stage);
    return masker === null ? value : masker.value(value, classOf(model));
  }

  report(event: ToolReport): void {
    this.#run.reporter.tool(this.#execution, event);
  }
}

/** Schemas say nothing of secrets; classes may. */
function classOf(model: object): Function | null {
  return typeof model === 'function' ? model : null;
}

function noTools(pipeline: string, stage: string): StageflowError {
  return new StageflowError({
    code: 'TOOL_UNKNOWN',
    message: `Stage "${stage}" uses tools, but pipeline "${pipeline}" has none.`,
    fix: 'List them in the tools of its module, or add them with withTools(…).',
    details: { pipeline, stage },
  });
}
