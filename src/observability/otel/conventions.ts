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
}

/** The default. */
export const stageflowConventions: SpanConventions = Object.freeze({
  run: (pipeline: string) => ({ name: `run ${pipeline}` }),
  stage: (stage: string) => ({ name: `stage ${stage}` }),
  tool: (tool: string) => ({ name: `tool ${tool}` }),
});
