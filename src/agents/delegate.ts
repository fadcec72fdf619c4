import 'reflect-metadata';
import type { ContractInput, ContractSource, ContractValue } from '../contracts/index.js';
import { DefinitionError } from '../errors/index.js';
import { writeMetadata } from '../metadata/index.js';
import {
  type ChildResults,
  type Interceptor,
  type Next,
  type SpawnableModule,
  type SpawnablePipeline,
  type SpawnInput,
  type SpawnOptions,
  type StageContext,
  StageOutput,
  StageStatus,
  type ToolClass,
} from '../stage/index.js';
import { type ToolOptions, toolProblems } from '../tools/index.js';
import { type BudgetLimits, budgetsAtWork, withLoanOf } from './spending/index.js';

export interface DelegateOptions<I extends ContractSource, M>
  extends Omit<ToolOptions<I>, 'output' | 'timeoutMs' | 'effect'> {
  /** Not reversible: what the run did is undone with the run. */
  readonly effect: 'read' | 'idempotent' | 'irreversible';
  /** What is run: what `Pipeline.build()` made, or a module of the application. */
  readonly pipeline: SpawnablePipeline<M> | SpawnableModule;
  /** What the run is started with. Default: the input of the call as `input`. Give extensions as a list. */
  readonly start?: (input: ContractValue<I>) => SpawnInput;
  /** What the model is told of the results. */
  readonly answer: (results: ChildResults<M>) => unknown;
  /** What of the budget of the agent the run may spend. Default: half of what is left. */
  readonly lend?: BudgetLimits;
  /** The run fails with RUN_TIMEOUT if it takes longer, in ms. */
  readonly timeoutMs?: number;
  readonly inherit?: SpawnOptions['inherit'];
}

/**
 * A tool that runs a pipeline: so that an agent hands a task to another agent. List it where tools are listed. The call goes
 * through the gates of tools like any other, the run is one of the stage, and what it spends is lent by the budgets of the
 * agent.
 * @throws DefinitionError with TOOL_INVALID
 */
export function delegate<I extends ContractSource, M>(
  options: DelegateOptions<I, M>,
): ToolClass<ContractInput<I>, unknown> {
  const {
    pipeline: _,
    start: _start,
    answer: _answer,
    lend: _lend,
    timeoutMs: _limit,
    inherit: _inherit,
    ...tool
  } = options;
  class Delegated {
    /** What it is to be started with; the rest is done around it. */
    execute(input: unknown): unknown {
      return input;
    }
  }
  Object.defineProperty(Delegated, 'name', { value: String(tool.name) });
  const problems = toolProblems(tool as ToolOptions, { execute: Delegated.prototype.execute, undo: null });
  if (problems.length > 0) throw new DefinitionError(`tool "${String(tool.name)}"`, problems);
  writeMetadata('tool', Delegated, Object.freeze(tool));
  const interceptors = [new Delegation(options as DelegateOptions<any, any>)];
  writeMetadata('intercept', Delegated, Object.freeze({ interceptors, saidBy: [] }));
  return Delegated as unknown as ToolClass<ContractInput<I>, unknown>;
}

/** Runs the pipeline once the call has passed everything: only what is around a tool has the context of the stage. */
class Delegation implements Interceptor {
  readonly name = 'delegate';
  readonly #options: DelegateOptions<any, any>;

  constructor(options: DelegateOptions<any, any>) {
    this.#options = options;
  }

  appliesToTool(): boolean {
    return true;
  }

  async intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const checked = await next();
    if (checked.status !== StageStatus.Ok) return checked;
    const { output: input } = checked.data as { readonly output: unknown };
    return StageOutput.ok({ output: await this.#run(ctx, input) });
  }

  async #run(ctx: StageContext, input: unknown): Promise<unknown> {
    const { pipeline, start = (given: unknown) => ({ input: given }), answer, timeoutMs, inherit } = this.#options;
    const given: SpawnInput = start(input);
    const options = {
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(inherit === undefined ? {} : { inherit }),
    };
    const lenders = budgetsAtWork(ctx);
    const run = (from: SpawnInput) => ctx.spawn(pipeline as SpawnablePipeline, from, options);
    if (lenders.length === 0) return answer(await run(given));
    const results = await withLoanOf(lenders, this.#options.lend ?? halfOf(lenders), (loan) => {
      return run({ ...given, extensions: [...listed(given.extensions), loan] });
    });
    return answer(results);
  }
}

function listed(extensions: SpawnInput['extensions']) {
  return Array.isArray(extensions) ? extensions : [];
}

function halfOf(budgets: Parameters<typeof withLoanOf>[0]): BudgetLimits {
  const half = (amounts: readonly number[]): number => Math.min(...amounts) / 2;
  return {
    tokens: Math.floor(half(budgets.map(({ available }) => available.tokens))),
    cost: half(budgets.map(({ available }) => available.cost)),
  };
}
