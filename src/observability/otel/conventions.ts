import type { Attributes } from '@opentelemetry/api';

/** What a span is called and what it says from its start. */
export interface SpanShape {
  readonly name: string;
  readonly attributes?: Attributes;
}

/** How spans are named. The attributes that stageflow sets by itself, `stageflow.…`, are there besides. */
export interface SpanConventions {
  run(pipeline: string): SpanShape;
  stage(stage: string, kind: string): SpanShape;
  tool(tool: string, callId: string): SpanShape;
  /** A turn of the model behind an agent. Default: as `stageflowConventions` does it. */
  model?(turn: ModelTurnFacts): SpanShape;
}

/** What is known of a turn when it is over. */
export interface ModelTurnFacts {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Why the model stopped: `stop`, `tool-calls`, `length`… */
  readonly finish: string;
}

/** The default. */
export const stageflowConventions: SpanConventions & Required<Pick<SpanConventions, 'model'>> = Object.freeze({
  run: (pipeline: string) => ({ name: `run ${pipeline}` }),
  stage: (stage: string) => ({ name: `stage ${stage}` }),
  tool: (tool: string) => ({ name: `tool ${tool}` }),
  model: ({ model, inputTokens, outputTokens, finish }: ModelTurnFacts) => ({
    name: `model ${model}`,
    attributes: {
      'stageflow.model': model,
      'stageflow.model.input_tokens': inputTokens,
      'stageflow.model.output_tokens': outputTokens,
      'stageflow.model.finish': finish,
    },
  }),
});
