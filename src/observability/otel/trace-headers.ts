/* W3C trace context, as https://www.w3.org/TR/trace-context/ has it: read leniently about case, strictly about ids. */
import { context, createTraceState, isSpanContextValid, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import type { RequestHeaders } from '../../events/index.js';
import type { StageContext } from '../../stage/index.js';
import { spanOfStage } from './span-registry.js';

const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** The span that a request was sent under; null without one, or with one that cannot be. */
export function readTraceHeaders(headers: RequestHeaders): SpanContext | null {
  const match = TRACEPARENT.exec(header(headers, 'traceparent')?.trim() ?? '');
  if (match === null) return null;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = match;
  // Version 00 has no more than these four, later ones may; ff is none.
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  const state = header(headers, 'tracestate');
  const span: SpanContext = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED,
    isRemote: true,
    ...(state === undefined || state.trim() === '' ? null : { traceState: createTraceState(state) }),
  };
  return isSpanContextValid(span) ? span : null;
}

/**
 * The headers to send with a request that a stage, or a tool, makes, so that what it calls goes on with the same trace. They name the
 * span that is active, such as one of yours, or else that of the stage whose context is given. Empty where there is no valid one.
 */
export function traceHeaders(ctx?: StageContext): Record<string, string> {
  const stage = ctx === undefined ? undefined : spanOfStage(ctx);
  const active = trace.getSpanContext(context.active());
  const span = active !== undefined && isSpanContextValid(active) ? active : stage?.spanContext();
  if (span === undefined || !isSpanContextValid(span)) return {};
  const flags = (span.traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0');
  const state = span.traceState?.serialize() ?? '';
  return {
    traceparent: `00-${span.traceId}-${span.spanId}-${flags}`,
    ...(state === '' ? null : { tracestate: state }),
  };
}

/** Of a header given several times, all values; `traceparent` is then none. */
function header(headers: RequestHeaders, name: string): string | undefined {
  const values = Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? (value ?? []) : []));
  return values.length === 0 ? undefined : values.join(',');
}
