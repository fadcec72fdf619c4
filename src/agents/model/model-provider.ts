import type { ModelPart, ModelRequest } from './model-message.js';

/**
 * A language model, as agents reach it. Also the token it is injected by: `{ provide: ModelProvider, useValue: model }`.
 *
 * Implement it for a model that no adapter knows, as a class or as a plain object: everything an agent needs is one method.
 */
export abstract class ModelProvider {
  /** What events, prices and spans call it. */
  abstract readonly model: string;

  /**
   * Asks the model. Gives what it says as it says it, `finish` last; what goes wrong is thrown, best as ModelError.
   * @param signal aborts when the agent has stopped listening: end the request then
   */
  abstract stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>;

  /**
   * How many tokens a request has, for budgets, which keep them free before the model is asked. Better too many than too
   * few. Default: one for every three characters.
   */
  countTokens?(request: ModelRequest): number;
}
