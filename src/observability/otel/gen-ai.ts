import type { ModelTurnFacts, SpanConventions } from './conventions.js';

/** The release of the OpenTelemetry semantic conventions for generative AI that `genAiConventions` keeps to. None of it is stable yet. */
export const GEN_AI_CONVENTIONS_VERSION = '0.1.0';

/**
 * For tools that know the conventions for generative AI: runs as `invoke_workflow`, agent stages as `invoke_agent`, tool
 * calls as `execute_tool`, turns of models as `chat`. Content, such as arguments, results and messages, is never captured.
 */
export const genAiConventions: SpanConventions = Object.freeze({
  run: (pipeline: string) => ({
    name: `invoke_workflow ${pipeline}`,
    attributes: { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.agent.name': pipeline },
  }),
  stage: (stage: string, kind: string) =>
    kind === 'agent'
      ? {
          name: `invoke_agent ${stage}`,
          attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': stage },
        }
      : { name: `stage ${stage}` },
  tool: (tool: string, callId: string) => ({
    name: `execute_tool ${tool}`,
    attributes: {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': tool,
      'gen_ai.tool.call.id': callId,
      'gen_ai.tool.type': 'function',
    },
  }),
  model: ({ model, inputTokens, outputTokens, finish }: ModelTurnFacts) => ({
    name: `chat ${model}`,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': model,
      'gen_ai.usage.input_tokens': inputTokens,
      'gen_ai.usage.output_tokens': outputTokens,
      'gen_ai.response.finish_reasons': [finish],
    },
  }),
});
