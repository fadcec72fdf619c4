/*
 * What one agent does with one question.
 *
 * Owns: the messages, what was used, when to stop. Does not own: how tools are called (ctx.tools), who may spend (Purse).
 * Invariants
 *  1. Tools are reached through ctx.tools alone, and only those the agent lists.
 *  2. It ends with an answer that keeps the contract, or throws; what it had done by then is in the error.
 *  3. Once the stage is cancelled, neither the model nor a tool is called again.
 */
import { AgentEventName } from '../../events/index.js';
import { type StageContext, StageOutput } from '../../stage/index.js';
import { GuardWatch } from '../guards/index.js';
import { FinishReason, ModelError, type ModelMessage, type ModelProvider } from '../model/index.js';
import { Purse } from '../spending/index.js';
import type { AgentPlan } from './agent-plan.js';
import type { AgentCall, AgentProgress, AgentResult, AgentStoppedError } from './agent-result.js';
import {
  answerInvalid,
  budgetExhausted,
  incomplete,
  modelFailed,
  type StopReason,
  stagnated,
  stoppedError,
  turnsExhausted,
} from './agent-stops.js';
import { type CallIds, callIdsOf } from './call-ids.js';
import { readAnswer } from './final-answer.js';
import type { ModelTurn } from './model-turn.js';
import { type AgentQuestion, openingMessages, untrusted } from './opening-messages.js';
import { Stagnation } from './stagnation.js';
import { takeTurn } from './take-turn.js';
import { callTools } from './tool-turn.js';
import { Toolset } from './toolset.js';

export class AgentRun {
  readonly #ctx: StageContext;
  readonly #plan: AgentPlan;
  readonly #model: ModelProvider;
  readonly #tools: Toolset;
  readonly #promptVersion: string | null;
  readonly #messages: ModelMessage[];
  readonly #purse: Purse;
  readonly #guards: GuardWatch;
  readonly #stagnation: Stagnation;
  readonly #ids: CallIds;
  readonly #calls: AgentCall[] = [];
  #turns = 0;
  #text = '';
  #repairs = 0;

  constructor(ctx: StageContext, model: ModelProvider, plan: AgentPlan, question: AgentQuestion, purse: Purse) {
    this.#ctx = ctx;
    this.#plan = plan;
    this.#model = model;
    this.#tools = new Toolset(ctx, plan.tools);
    const told = plan.instructions(ctx);
    const instructions = typeof told === 'string' ? told : told.text;
    this.#promptVersion = typeof told === 'string' ? null : told.version;
    this.#messages = openingMessages(ctx, instructions, question, plan.history, plan.output);
    this.#purse = purse;
    this.#guards = new GuardWatch(ctx, plan.guards, untrusted(this.#messages));
    this.#stagnation = new Stagnation(plan.stagnation);
    this.#ids = callIdsOf(ctx);
  }

  get progress(): AgentProgress {
    return {
      text: this.#text,
      turns: this.#turns,
      usage: this.#purse.usage,
      calls: [...this.#calls],
      promptVersion: this.#promptVersion,
    };
  }

  /** @throws AgentStoppedError, STAGE_CANCELLED */
  async answer(): Promise<AgentResult<unknown>> {
    try {
      const result = await this.#untilAnswered();
      this.#tellEnd('answered');
      return result;
    } catch (error) {
      const ended = this.#endingOf(error);
      this.#tellEnd(codeOf(ended));
      throw ended;
    } finally {
      await this.#guards.close();
    }
  }

  async #untilAnswered(): Promise<AgentResult<unknown>> {
    await this.#guards.open();
    for (;;) {
      const turn = await this.#turn();
      // What a vendor keeps back is not acted on either.
      if (turn.calls.length > 0 && turn.finish !== FinishReason.ContentFilter) await this.#call(turn);
      else {
        const answer = await this.#finalAnswer(turn);
        if (answer !== null) return { ...this.progress, answer: answer.value };
      }
    }
  }

  async #turn(): Promise<ModelTurn> {
    this.#ctx.checkpoint();
    if (this.#turns >= this.#plan.maxTurns) throw this.#stopped(turnsExhausted(this.#turns));
    const request = {
      messages: [...this.#messages],
      tools: this.#tools.models,
      output: this.#outputFormat(),
      maxOutputTokens: this.#plan.maxOutputTokens,
      temperature: this.#plan.temperature,
    };
    const granted = this.#purse.reserve(request);
    if (granted === null) throw this.#stopped(budgetExhausted(this.#turns, this.#purse.shortage));
    this.#turns++;
    const signal = AbortSignal.any([this.#ctx.signal, this.#guards.signal]);
    const turn = await takeTurn(granted, {
      ctx: this.#ctx,
      plan: this.#plan,
      model: this.#model,
      number: this.#turns,
      signal,
      guards: this.#guards,
      brokenOff: (said) => {
        this.#text = said;
      },
    });
    const { text, calls, opaque } = turn;
    this.#text = text;
    this.#messages.push({ role: 'assistant', text, calls, ...(opaque === undefined ? {} : { opaque }) });
    return turn;
  }

  async #call({ calls }: ModelTurn): Promise<void> {
    const before = this.#calls.length;
    await callTools(calls, {
      ctx: this.#ctx,
      tools: this.#tools,
      turn: this.#turns,
      ids: this.#ids,
      maxCalls: this.#plan.maxCallsPerTurn,
      maxResultChars: this.#plan.maxResultChars,
      cleared: () => this.#guards.cleared(),
      done: ({ call, asked, result }) => {
        this.#calls.push(call);
        this.#messages.push({ role: 'tool', callId: asked.id, tool: asked.name, ...result });
      },
    });
    const repeats = this.#stagnation.repeats(calls, this.#calls.slice(before));
    if (repeats) throw this.#stopped(stagnated(this.#plan.stagnation));
  }

  /** @returns null if it goes back to the model */
  async #finalAnswer({ text, finish }: ModelTurn): Promise<{ readonly value: unknown } | null> {
    const read = await readAnswer(text, this.#plan.output);
    if (read.ok && incomplete(finish) === null) {
      await this.#guards.cleared();
      await this.#guards.output(text);
      return read;
    }
    const reason = incomplete(finish) ?? (read.ok ? '' : read.reason);
    const isLast = finish === FinishReason.ContentFilter || this.#repairs >= this.#plan.repairs;
    if (isLast) throw this.#stopped(answerInvalid(this.#repairs, reason));
    this.#repairs++;
    this.#ctx.emit(AgentEventName.AnswerRefused, { turn: this.#turns, reason });
    this.#messages.push({ role: 'user', text: `${reason} Give the whole answer again.` });
    return null;
  }

  #outputFormat() {
    const { output } = this.#plan;
    return output === null ? null : { name: output.name, schema: output.toJsonSchema('input') };
  }

  /** A guard that denies ends whatever is under way, which then says so in its own way. */
  #endingOf(error: unknown): unknown {
    const { denial } = this.#guards;
    if (this.#ctx.cancelled) return error;
    if (denial !== null) return this.#stopped({ code: 'AGENT_DENIED', ...denial });
    return error instanceof ModelError ? this.#stopped(modelFailed(error)) : error;
  }

  #stopped(reason: StopReason): AgentStoppedError {
    return stoppedError(this.#ctx.stage.name, this.progress, reason);
  }

  #tellEnd(outcome: string): void {
    const { inputTokens, outputTokens } = this.#purse.usage;
    const { promptVersion, turns } = this.progress;
    this.#ctx.emit(AgentEventName.Finished, { outcome, turns, inputTokens, outputTokens, promptVersion });
  }
}

function codeOf(error: unknown): string {
  return StageOutput.fail(error).failure?.code ?? 'STAGE_FAILED';
}
