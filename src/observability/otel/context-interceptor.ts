import { context } from '@opentelemetry/api';
import {
  type Interceptor,
  InterceptorPriority,
  InterceptorRole,
  type Next,
  type StageContext,
  type StageOutput,
} from '../../stage/index.js';
import { ToolLayerContext } from '../../tools/index.js';
import { keepSpans } from './span-registry.js';
import type { SpanSink } from './span-sink.js';

/**
 * Makes the span of a stage, or of a tool call, active while it runs, with everything around it that retries, waits or caches:
 * spans that your code starts in there are its children. What is active lives in the context manager of the application.
 */
export class ActiveSpanInterceptor implements Interceptor {
  /** Outside of everything but security. */
  readonly priority = InterceptorPriority.Resilience - 50;
  readonly role = InterceptorRole.Observer;
  readonly name = 'OpenTelemetry';
  readonly #spans: SpanSink;

  constructor(spans: SpanSink) {
    this.#spans = spans;
  }

  appliesToTool(): boolean {
    return true;
  }

  intercept(ctx: StageContext, next: Next): Promise<StageOutput> {
    const run = this.#spans.spansOf(ctx.runId);
    if (run === undefined) return next();
    if (ctx instanceof ToolLayerContext) return context.with(run.enterTool(ctx, context.active()), next);
    keepSpans(ctx, run);
    return context.with(run.contextOf(ctx.stage.name), next);
  }
}
