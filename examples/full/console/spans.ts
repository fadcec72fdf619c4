import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** Spans as a tree, each under the one that it is a part of, in the order they began. */
export function spanTree(spans: readonly ReadableSpan[]): string {
  const children = new Map<string, ReadableSpan[]>();
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  for (const span of spans) {
    const parent = span.parentSpanContext?.spanId ?? '';
    const key = ids.has(parent) ? parent : '';
    children.set(key, [...(children.get(key) ?? []), span]);
  }
  const lines: string[] = [];
  const add = (parent: string, depth: number): void => {
    const own = (children.get(parent) ?? []).sort((a, b) => msOf(a) - msOf(b));
    for (const span of own) {
      lines.push(`${'  '.repeat(depth)}${span.name}`);
      add(span.spanContext().spanId, depth + 1);
    }
  };
  add('', 1);
  return lines.join('\n');
}

function msOf({ startTime: [seconds, nanos] }: ReadableSpan): number {
  return seconds * 1_000 + nanos / 1_000_000;
}
