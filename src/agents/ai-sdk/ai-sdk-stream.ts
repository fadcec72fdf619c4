import type {
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
  SharedV3ProviderMetadata,
} from '@ai-sdk/provider';
import { FinishReason, type ModelPart } from '../model/index.js';
import { type AssistantContent, inputOf } from './ai-sdk-prompt.js';

type Block = Extract<AssistantContent[number], { type: 'text' | 'reasoning' }>;

/** A piece of a block of text or thoughts. */
interface BlockPart {
  readonly id: string;
  readonly delta?: string;
  readonly providerMetadata?: SharedV3ProviderMetadata;
}

/**
 * Reads the stream of a language model. Collects what the assistant said in its own form as well: thoughts and signatures have
 * to come back to some models as they were.
 */
export class SdkStream {
  readonly #content: AssistantContent = [];
  /** Text and thoughts by the id of their block. */
  readonly #blocks = new Map<string, Block>();

  /** @throws what the stream says went wrong */
  *take(part: LanguageModelV3StreamPart): Generator<ModelPart> {
    switch (part.type) {
      case 'text-start':
      case 'text-delta':
      case 'text-end':
        this.#append('text', part);
        if (part.type === 'text-delta') yield { type: 'text', text: part.delta };
        return;
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        this.#append('reasoning', part);
        return;
      case 'tool-call':
        if (part.providerExecuted) return; // none was asked for
        yield* this.#call(part);
        return;
      case 'finish':
        yield* this.#finish(part);
        return;
      case 'error':
        throw part.error;
      default:
        return;
    }
  }

  #append(type: 'text' | 'reasoning', { id, delta = '', providerMetadata }: BlockPart): void {
    const key = `${type} ${id}`;
    const block = this.#blocks.get(key) ?? this.#open(type, key);
    block.text += delta;
    if (providerMetadata !== undefined) block.providerOptions = providerMetadata;
  }

  #open(type: 'text' | 'reasoning', key: string): Block {
    const block: Block = { type, text: '' };
    this.#blocks.set(key, block);
    this.#content.push(block);
    return block;
  }

  *#call(part: Extract<LanguageModelV3StreamPart, { type: 'tool-call' }>): Generator<ModelPart> {
    const { toolCallId, toolName, input, providerMetadata } = part;
    const own = providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
    this.#content.push({ type: 'tool-call', toolCallId, toolName, input: inputOf(input), ...own });
    yield { type: 'call', id: toolCallId, name: toolName, arguments: input };
  }

  *#finish({ usage, finishReason }: Extract<LanguageModelV3StreamPart, { type: 'finish' }>): Generator<ModelPart> {
    const { inputTokens, outputTokens } = usage;
    yield {
      type: 'usage',
      inputTokens: inputTokens.total ?? Number.NaN,
      outputTokens: outputTokens.total ?? Number.NaN,
    };
    yield { type: 'opaque', data: this.#content };
    yield { type: 'finish', reason: reasonOf(finishReason) };
  }
}

function reasonOf({ unified }: LanguageModelV3FinishReason): FinishReason {
  return unified === 'error' ? FinishReason.Other : unified;
}
