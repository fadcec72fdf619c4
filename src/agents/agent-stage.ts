import type { ContractSource, ContractValue } from '../contracts/index.js';
import { StageflowError } from '../errors/index.js';
import { readMetadata } from '../metadata/index.js';
import { type StageContext, StageKind } from '../stage/index.js';
import {
  type AgentOptions,
  type AgentPlan,
  type AgentQuestion,
  type AgentResult,
  AgentRun,
  AgentStoppedError,
  planAgent,
} from './loop/index.js';
import type { ModelProvider } from './model/index.js';
import { Budget, budgetOfRun, Purse, whileSpending } from './spending/index.js';

/**
 * A stage that lets a model work with tools until it has an answer. Extend it and put `@Agent` on the class, or give an
 * instance to `withStage(name, new AgentStage(model, { … }))`.
 *
 * Every tool call goes the way of `ctx.tools`: the same gates, approvals, limits and events as for any stage. `T` is the
 * type of the answer.
 */
export class AgentStage<T = string> {
  readonly '~kind' = StageKind.Agent;
  readonly #model: ModelProvider;
  readonly #plan: AgentPlan;

  /**
   * @param options win over those of `@Agent`
   * @throws DefinitionError with AGENT_OPTION_INVALID
   */
  constructor(model: ModelProvider, options: Partial<AgentOptions<ContractSource<T>>> = {}) {
    if (typeof model?.stream !== 'function') throw noModel(new.target.name);
    const declared = (readMetadata('agent', new.target) ?? {}) as Partial<AgentOptions>;
    this.#model = model;
    this.#plan = planAgent(new.target.name, { ...declared, ...options });
  }

  /** Answers what the run asks. Override it to ask something else: `return this.ask(ctx, { text })`. */
  execute(ctx: StageContext): Promise<AgentResult<T>> {
    return this.ask(ctx);
  }

  /**
   * Asks the model, calls the tools it wants, and so on until it answers.
   * @throws AgentStoppedError with what it had done, if it stopped without an answer
   * @throws AGENT_OPTION_INVALID, AGENT_HISTORY_REFUSED, TOOL_UNKNOWN, STAGE_CANCELLED
   */
  protected async ask(ctx: StageContext, question: AgentQuestion = {}): Promise<AgentResult<T>> {
    const { budget, prices } = this.#plan;
    const budgets = budgetsOf(ctx, budget);
    const purse = new Purse(this.#model, budgets, prices);
    const timeMs = budget instanceof Budget ? undefined : budget?.timeMs;
    return whileSpending(ctx, budgets, () => {
      if (timeMs !== undefined && timeMs > 0) return this.#withinTime(ctx, timeMs, question, purse);
      return this.#run(ctx, question, purse).answer() as Promise<AgentResult<T>>;
    });
  }

  async #withinTime(ctx: StageContext, timeMs: number, question: AgentQuestion, purse: Purse): Promise<AgentResult<T>> {
    let run: AgentRun | null = null;
    try {
      const answer = await ctx.withTimeout(timeMs, (within) => {
        run = this.#run(within, question, purse);
        return run.answer();
      });
      return answer as AgentResult<T>;
    } catch (error) {
      const ended = run as AgentRun | null;
      const passed = error instanceof StageflowError && error.code === 'STAGE_TIMEOUT' && !ctx.cancelled;
      if (!passed || ended === null) throw error;
      throw new AgentStoppedError('AGENT_TIMEOUT', ended.progress, {
        message: `Agent "${ctx.stage.name}" took longer than ${timeMs} ms.`,
        fix: 'Raise timeMs of its budget, or give it less to do.',
        cause: error,
      });
    }
  }

  #run(ctx: StageContext, question: AgentQuestion, purse: Purse): AgentRun {
    return new AgentRun(ctx, this.#model, this.#plan, question, purse);
  }
}

function noModel(agent: string): StageflowError {
  return new StageflowError({
    code: 'AGENT_OPTION_INVALID',
    message: `Agent "${agent}" was given a model without stream().`,
    fix: 'Give a ModelProvider, such as what openAiCompatible makes.',
    details: { agent, option: 'model' },
  });
}

/** Its own, and the one that its run brought along. */
function budgetsOf(ctx: StageContext, own: AgentOptions['budget'] | null): readonly Budget[] {
  const ofRun = budgetOfRun(ctx);
  const budgets = ofRun === null ? [] : [ofRun];
  if (own instanceof Budget) return [own, ...budgets];
  if (own === null || own === undefined || (own.tokens === undefined && own.cost === undefined)) return budgets;
  return [new Budget(own), ...budgets];
}

/** What the contract `output` of an agent gives as its answer. */
export type AnswerOf<O> = [O] extends [never] ? string : ContractValue<O>;
