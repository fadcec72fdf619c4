import type { Span } from '@opentelemetry/api';
import type { ContextSnapshot } from '../../context/index.js';
import type { StageContext } from '../../stage/index.js';
import type { RunSpans } from './run-spans.js';

/** The spans of runs, by what all contexts of a run share and no other run does. Gone with the run. */
const spans = new WeakMap<ContextSnapshot, RunSpans>();

export function keepSpans(ctx: StageContext, run: RunSpans): void {
  spans.set(ctx.snapshot, run);
}

export function spanOfStage(ctx: StageContext): Span | undefined {
  return spans.get(ctx.snapshot)?.stageSpan(ctx.stage.name);
}
