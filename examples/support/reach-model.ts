import { randomUUID } from 'node:crypto';
import { type ModelProvider, openAiCompatible } from 'stageflow/agents';
import { ExampleInputError } from './example-input-error.js';
import { startModelServer } from './openai-server.js';

/** A model to talk to, until it is disposed. */
export interface ReachedModel extends AsyncDisposable {
  readonly model: ModelProvider;
  /** Which one it is, to tell whoever runs the example. */
  readonly described: string;
}

/**
 * The model that the environment names by OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY. Without a URL it is a script, behind
 * a server on this machine: the same adapter asks it by the same protocol.
 * @throws ExampleInputError
 */
export async function reachModel(script: ModelProvider, env: NodeJS.ProcessEnv): Promise<ReachedModel> {
  const { OPENAI_BASE_URL: baseUrl = '', OPENAI_MODEL: model = '', OPENAI_API_KEY: apiKey = '' } = env;
  if (baseUrl === '') return behindLocalServer(script);
  if (!URL.canParse(baseUrl)) throw new ExampleInputError('OPENAI_BASE_URL is no URL.');
  if (model === '')
    throw new ExampleInputError('OPENAI_BASE_URL is set, but OPENAI_MODEL is not: which model is it to be?');
  const { host } = new URL(baseUrl);
  // OpenAI's own models of today refuse the name that everybody else knows.
  const maxTokensField = host === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens';
  const key = apiKey === '' ? {} : { apiKey };
  return {
    model: openAiCompatible({ baseUrl, model, maxTokensField, ...key }),
    described: `Model: ${model}, at ${host}`,
    async [Symbol.asyncDispose]() {},
  };
}

async function behindLocalServer(script: ModelProvider): Promise<ReachedModel> {
  const apiKey = randomUUID();
  const server = await startModelServer(script, { apiKey });
  return {
    model: openAiCompatible({ baseUrl: server.url, model: script.model, apiKey }),
    described:
      'Model: a script, behind a server on this machine that speaks the same protocol.\n' +
      'For a real one set OPENAI_BASE_URL, OPENAI_MODEL and OPENAI_API_KEY.',
    [Symbol.asyncDispose]: () => server.close(),
  };
}
