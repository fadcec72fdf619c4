import type { LanguageModelV3, SharedV3ProviderOptions } from '@ai-sdk/provider';
import { classifyError, StageflowError } from '../../errors/index.js';
import { ModelError, type ModelPart, ModelProvider, type ModelRequest } from '../model/index.js';
import { callOptions } from './ai-sdk-prompt.js';
import { SdkStream } from './ai-sdk-stream.js';

export interface AiSdkModelOptions {
  /** Hold the model to the JSON Schema of the final answer. Default false, since not all can beside tools. */
  readonly structuredOutput?: boolean;
  /** What only the vendor knows, as the AI SDK takes it. */
  readonly providerOptions?: SharedV3ProviderOptions;
}

/**
 * A language model of the AI SDK: `aiSdkModel(anthropic('…'))`. Nothing but the model is used: tools, retries, limits and
 * telemetry are those of the agent.
 */
export function aiSdkModel(model: LanguageModelV3, options: AiSdkModelOptions = {}): ModelProvider {
  return new AiSdkModel(model, options);
}

class AiSdkModel extends ModelProvider {
  readonly model: string;
  readonly #language: LanguageModelV3;
  readonly #options: AiSdkModelOptions;

  constructor(model: LanguageModelV3, options: AiSdkModelOptions) {
    super();
    this.model = model.modelId;
    this.#language = model;
    this.#options = options;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const { structuredOutput = false, providerOptions } = this.#options;
    const asked = callOptions(request, structuredOutput);
    try {
      const { stream } = await this.#language.doStream({
        ...asked,
        abortSignal: signal,
        ...(providerOptions === undefined ? {} : { providerOptions }),
      });
      const reading = new SdkStream();
      for await (const part of stream) yield* reading.take(part);
    } catch (error) {
      throw signal.aborted ? signal.reason : this.#failure(error);
    }
  }

  #failure(cause: unknown): StageflowError {
    if (cause instanceof StageflowError) return cause;
    const { statusCode, responseHeaders, isRetryable } = Object(cause) as {
      readonly statusCode?: unknown;
      readonly responseHeaders?: unknown;
      readonly isRetryable?: unknown;
    };
    const status = typeof statusCode === 'number' ? statusCode : null;
    const known = classifyError(status === null ? cause : { status, headers: responseHeaders });
    return new ModelError({
      message: `Model "${this.model}" of ${this.#language.provider} failed${status === null ? '' : ` with status ${status}`}.`,
      fix: 'See the cause, which is the error of the AI SDK.',
      status,
      retryable: typeof isRetryable === 'boolean' ? isRetryable : known.retryable,
      retryAfterMs: known.retryAfterMs,
      details: { model: this.model, provider: this.#language.provider },
      cause,
    });
  }
}
