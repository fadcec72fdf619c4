import {
  AgentEventName,
  type AuthContext,
  isAgentEvent,
  type Message,
  type ModuleLike,
  type RunOutcome,
  type Stageflow,
  StageflowError,
} from 'stageflow';
import { INPUT_REFUSED } from './stages/guard-input.js';
import { GuardOutput, OUTPUT_REFUSED } from './stages/guard-output.js';

export interface ChatOptions {
  readonly auth: AuthContext;
  /** What was said before. Default: nothing. */
  readonly history?: readonly Message[];
}

export type Turn =
  | { readonly status: 'answered'; readonly answer: string }
  | { readonly status: 'refused' | 'failed' | 'cancelled'; readonly reason: string };

/** Hears an answer as it comes. */
export interface Listener {
  token(text: string): void;
  /** What has come in this turn counts no more: the model begins again. */
  restart(): void;
}

/** A conversation. It carries the history; the pipeline knows one turn, and keeps nothing. */
export class Chat {
  readonly #app: Stageflow;
  readonly #module: ModuleLike;
  readonly #auth: AuthContext;
  readonly #history: Message[];

  constructor(app: Stageflow, module: ModuleLike, { auth, history = [] }: ChatOptions) {
    this.#app = app;
    this.#module = module;
    this.#auth = auth;
    this.#history = [...history];
  }

  get history(): readonly Message[] {
    return this.#history;
  }

  /** Only what went well becomes history: neither a refused question nor a refused answer is shown to a model again. */
  async say(text: string, listener: Listener, signal?: AbortSignal): Promise<Turn> {
    const input = { inputText: text, auth: this.#auth, conversation: { messages: this.#history } };
    const run = this.#app.start(this.#module, input, signal === undefined ? {} : { signal });
    for await (const event of run.events) {
      if (isAgentEvent(event, AgentEventName.Token)) listener.token(event.data.text);
      if (isAgentEvent(event, AgentEventName.TurnRetried) || isAgentEvent(event, AgentEventName.AnswerRefused)) {
        listener.restart();
      }
    }
    const outcome = await run.result;
    if (outcome.status !== 'completed') return withoutAnswer(outcome);
    const { answer } = outcome.results.of(GuardOutput);
    this.#history.push({ role: 'user', content: text }, { role: 'assistant', content: answer });
    return { status: 'answered', answer };
  }
}

/** Failures that are no fault of the program: whoever asked is told why. */
const REFUSALS: readonly string[] = [INPUT_REFUSED, OUTPUT_REFUSED, 'AGENT_HISTORY_REFUSED'];

function withoutAnswer({ status, results, error }: Exclude<RunOutcome, { readonly status: 'completed' }>): Turn {
  if (status === 'cancelled') return { status, reason: error.reason };
  const refusal = results.failures.find(({ failure }) => REFUSALS.includes(failure?.code ?? ''))?.failure;
  if (refusal === undefined) return { status, reason: error.message };
  return { status: 'refused', reason: reasonOf(refusal?.error) };
}

function reasonOf(error: unknown): string {
  if (error instanceof StageflowError) return error.summary;
  return error instanceof Error ? error.message : String(error);
}
