import { StageflowError } from '../../errors/index.js';
import { AgentEventName } from '../../events/index.js';
import { messageOf, type StageContext, StageOutput } from '../../stage/index.js';
import type { GuardWatch } from '../guards/index.js';
import { ModelError, type ModelProvider } from '../model/index.js';
import type { Grant } from '../spending/index.js';
import type { AgentPlan } from './agent-plan.js';
import { askModel, type ModelTurn, type TurnSoFar } from './model-turn.js';
import { TokenStream } from './token-stream.js';

const NOTHING: TurnSoFar = Object.freeze({ text: '', usage: Object.freeze({ inputTokens: 0, outputTokens: 0 }) });

export interface TurnOf {
  readonly ctx: StageContext;
  readonly plan: AgentPlan;
  readonly model: ModelProvider;
  readonly number: number;
  readonly signal: AbortSignal;
  readonly guards: Pick<GuardWatch, 'isClear' | 'cleared'>;
  /** Told what the model had said when a turn failed. */
  readonly brokenOff: (text: string) => void;
}

/** What the metrics of tokens are made of. */
const MODEL_USAGE = 'model.usage';
/** The first wait before a model is asked again; each further one is twice as long. */
const FIRST_WAIT_MS = 500;
/** Whoever asks to wait longer has no time for an agent. */
const LONGEST_WAIT_MS = 60_000;

/**
 * One turn of a model: asked, listened to, asked again if that may help, and paid for. What failed is paid for as well.
 * @throws ModelError once the model is not asked again, or the reason of the signal
 */
export async function takeTurn(grant: Grant, of: TurnOf): Promise<ModelTurn> {
  for (let retry = 0; ; retry++) {
    const soFar: TurnSoFar = { text: '', usage: null };
    try {
      const turn = await listen(grant, of, soFar);
      grant.settle(soFar);
      return turn;
    } catch (error) {
      if (soFar.text !== '') of.brokenOff(soFar.text);
      const used = wasRefused(error) ? NOTHING : soFar;
      const waitMs = retry < of.plan.modelRetries ? waitBeforeRetry(of, error, retry) : null;
      if (waitMs === null) grant.settle(used);
      if (waitMs === null || !grant.again(used)) throw of.signal.aborted ? error : modelError(of, error);
      of.ctx.emit(AgentEventName.TurnRetried, { turn: of.number, delayMs: waitMs, code: codeOf(error) });
      await settled(of.ctx.sleep(waitMs), grant);
    }
  }
}

async function listen(grant: Grant, of: TurnOf, soFar: TurnSoFar): Promise<ModelTurn> {
  const { ctx, model, number, signal } = of;
  const startedAt = ctx.clock.now();
  const tokens = of.plan.streamTokens ? tokensOf(of) : null;
  const turn = await askModel(model, grant.request, signal, (text) => tokens?.push(text), soFar);
  if (tokens !== null) {
    await of.guards.cleared();
    tokens.end();
  }
  const usage = grant.usageOf(soFar);
  const said = { turn: number, model: model.model, ...usage, calls: turn.calls.length, finish: turn.finish };
  ctx.emit(AgentEventName.Turn, { ...said, durationMs: ctx.clock.now() - startedAt });
  ctx.emit(MODEL_USAGE, { model: model.model, ...usage });
  return turn;
}

/** Nobody sees what the model says to what a guard has not allowed yet. */
function tokensOf({ ctx, number, guards }: TurnOf): TokenStream {
  const send = (text: string): void => ctx.emit(AgentEventName.Token, { turn: number, text });
  return new TokenStream(send, () => guards.isClear);
}

/** @returns null if asking again does not help */
function waitBeforeRetry({ ctx, signal }: TurnOf, error: unknown, retry: number): number | null {
  if (signal.aborted) return null;
  const { failure } = StageOutput.fail(error);
  const kind = failure === null ? null : ctx.classify(failure);
  if (kind === null || !kind.retryable) return null;
  const waitMs = kind.retryAfterMs ?? FIRST_WAIT_MS * 2 ** retry;
  return waitMs > LONGEST_WAIT_MS ? null : waitMs;
}

/** The other side answered that it would not: nobody pays for that. Of any other failure nobody knows. */
function wasRefused(error: unknown): boolean {
  return error instanceof ModelError && error.status !== null && error.status >= 400;
}

/** Nothing stays reserved if the wait is cancelled. */
async function settled(wait: Promise<void>, grant: Grant): Promise<void> {
  try {
    await wait;
  } catch (error) {
    grant.settle(NOTHING);
    throw error;
  }
}

/** What a model of somebody else's making throws is a failure of the model, too. */
function modelError({ ctx, model }: TurnOf, cause: unknown): StageflowError {
  if (cause instanceof StageflowError) return cause;
  const { failure } = StageOutput.fail(cause);
  const retryable = failure !== null && ctx.classify(failure).retryable;
  const message = `Model "${model.model}" failed: ${messageOf(cause)}`;
  return new ModelError({ message, retryable, details: { model: model.model }, cause });
}

function codeOf(error: unknown): string {
  return StageOutput.fail(error).failure?.code ?? 'UNKNOWN';
}
