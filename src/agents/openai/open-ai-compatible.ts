import { StageflowError } from '../../errors/index.js';
import { type ModelPart, ModelProvider, type ModelRequest } from '../model/index.js';
import { ChatChunks, fieldsOf } from './chat-chunks.js';
import { brokenOffError, refusedError, unreachableError, unreadableError } from './chat-errors.js';
import { type ChatDialect, chatRequest } from './chat-request.js';
import { serverSentEvents } from './server-sent-events.js';

export interface OpenAiCompatibleOptions {
  /** Up to and including the version: `https://api.openai.com/v1`, `http://localhost:11434/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as bearer token. A function is asked before each request. Default: none, for local servers. */
  readonly apiKey?: string | (() => string | Promise<string>);
  /** Further headers of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Hold the model to the JSON Schema of the final answer, where the server can. Default false. */
  readonly structuredOutput?: boolean;
  /** How the server calls the limit of an answer. Default `max_tokens`. */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** Further fields of every request, which cannot override those of the protocol. */
  readonly extraBody?: Readonly<Record<string, unknown>>;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * A model behind any server that speaks chat completions: OpenAI itself, a gateway, or a model on your own machine. Streams,
 * and reads a server that does not.
 * @throws AGENT_OPTION_INVALID if baseUrl is no URL of http or https, or the model has no name
 */
export function openAiCompatible(options: OpenAiCompatibleOptions): ModelProvider {
  return new OpenAiCompatible(options);
}

class OpenAiCompatible extends ModelProvider {
  readonly model: string;
  readonly #url: string;
  readonly #dialect: ChatDialect;
  readonly #options: OpenAiCompatibleOptions;

  constructor(options: OpenAiCompatibleOptions) {
    super();
    const { baseUrl, model, structuredOutput = false, maxTokensField = 'max_tokens', extraBody = {} } = options;
    if (typeof model !== 'string' || model === '') throw invalid('model', 'the model has no name');
    this.model = model;
    this.#url = completionsUrl(baseUrl);
    this.#dialect = { model, structuredOutput, maxTokensField, extraBody };
    this.#options = options;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelPart> {
    const response = await this.#post(request, signal);
    const { body } = response;
    if (body === null) throw unreadableError(this.model, 'the answer is empty');
    const isJson = (response.headers.get('content-type') ?? '').includes('application/json');
    const chunks = new ChatChunks();
    try {
      const texts = isJson ? wholeBody(response) : serverSentEvents(body);
      for await (const text of texts) {
        if (text.trim() === '[DONE]') break;
        yield* chunks.take(this.#parse(text));
      }
    } catch (error) {
      throw this.#failure(error, signal);
    }
    yield* chunks.end();
  }

  async #post(request: ModelRequest, signal: AbortSignal): Promise<Response> {
    const { fetch = globalThis.fetch } = this.#options;
    const headers = await this.#headers();
    let response: Response;
    let problem = '';
    try {
      const body = JSON.stringify(chatRequest(request, this.#dialect));
      // Whoever is redirected to would get the key and the conversation.
      response = await fetch(this.#url, { method: 'POST', headers, body, signal, redirect: 'error' });
      if (!response.ok) problem = withoutKey(await response.text(), headers.authorization);
    } catch (error) {
      throw this.#failure(error, signal);
    }
    if (response.ok) return response;
    throw refusedError(this.model, response.status, response.headers, problem);
  }

  async #headers(): Promise<Record<string, string>> {
    const { apiKey, headers = {} } = this.#options;
    const key = (typeof apiKey === 'function' ? await apiKey() : apiKey)?.trim();
    // Else fetch would repeat it in its error.
    if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) throw invalid('apiKey', 'its API key holds what no key can');
    const own = { 'content-type': 'application/json', accept: 'text/event-stream, application/json' };
    return { ...headers, ...own, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
  }

  #parse(text: string): Readonly<Record<string, unknown>> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch (error) {
      throw unreadableError(this.model, 'an event is no JSON', error);
    }
    const chunk = fieldsOf(parsed);
    if (chunk === null) throw unreadableError(this.model, 'an event is no object');
    if (chunk.error !== undefined && chunk.error !== null) throw brokenOffError(this.model, text);
    return chunk;
  }

  /** A request that was aborted ends with the reason it was aborted for. */
  #failure(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof StageflowError) return error;
    if (error instanceof RangeError) return unreadableError(this.model, 'an event is too long', error);
    return unreachableError(this.model, error);
  }
}

/** Servers repeat the key that they refuse. */
function withoutKey(text: string, authorization: string | undefined): string {
  const key = authorization?.slice('Bearer '.length) ?? '';
  return key === '' ? text : text.replaceAll(key, '…');
}

async function* wholeBody(response: Response): AsyncGenerator<string> {
  yield await response.text();
}

function completionsUrl(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw invalid('baseUrl', 'baseUrl is no URL of http or https');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return url.href;
}

function invalid(option: string, what: string): StageflowError {
  return new StageflowError({
    code: 'AGENT_OPTION_INVALID',
    message: `A model cannot be made: ${what}.`,
    fix: 'Give { baseUrl: "https://api.openai.com/v1", model: "…" }, for example.',
    details: { option },
  });
}
