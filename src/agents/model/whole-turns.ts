import { ModelError } from './model-error.js';
import type { ModelPart, ModelRequest } from './model-message.js';
import { ModelProvider } from './model-provider.js';

/** A model that gives each turn whole, as data: what it said, and how it failed if it did. */
export interface WholeTurns {
  turn(request: ModelRequest, signal: AbortSignal): Promise<WholeTurn>;
}

export interface WholeTurn {
  readonly parts: readonly ModelPart[];
  readonly failure: {
    readonly code: 'MODEL_FAILED' | 'MODEL_ANSWER_INVALID';
    readonly message: string;
    readonly status: number | null;
    readonly retryable: boolean;
    readonly retryAfterMs: number | null;
  } | null;
}

/**
 * The same model, with a place to step between: `wholeTurns(model, (turns) => recorded('model', turns))` keeps what it says with
 * the run, to be replayed. Each turn is given when it is whole, so tokens come all at once.
 */
export function wholeTurns(model: ModelProvider, wrap: (turns: WholeTurns) => WholeTurns): ModelProvider {
  return new InWholeTurns(model, wrap({ turn: (request, signal) => collect(model, request, signal) }));
}

async function collect(model: ModelProvider, request: ModelRequest, signal: AbortSignal): Promise<WholeTurn> {
  const parts: ModelPart[] = [];
  try {
    for await (const part of model.stream(request, signal)) parts.push(part);
    return { parts, failure: null };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const { code, summary: message, status, retryable, retryAfterMs } = error;
    return { parts, failure: { code: code as 'MODEL_FAILED', message, status, retryable, retryAfterMs } };
  }
}

class InWholeTurns extends ModelProvider {
  readonly model: string;
  readonly #turns: WholeTurns;

  constructor(model: ModelProvider, turns: WholeTurns) {
    super();
    this.model = model.model;
    this.#turns = turns;
    const { countTokens } = model;
    if (countTokens !== undefined) this.countTokens = (request) => countTokens.call(model, request);
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const { parts, failure } = await this.#turns.turn(request, signal);
    yield* parts;
    if (failure !== null) throw new ModelError({ ...failure, details: { model: this.model } });
  }
}
