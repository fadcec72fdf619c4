import { formatMs } from './format-ms.js';

export interface StageTiming {
  readonly stage: string;
  /** In ms since any fixed moment; null if the stage never ran. */
  readonly startedAt: number | null;
  readonly durationMs: number | null;
}

interface Span {
  readonly stage: string;
  readonly from: number;
  readonly to: number;
}

/** Draws what ran when, one row per stage, and says what overlapped. Empty if nothing ran. */
export function renderTimeline(timings: readonly StageTiming[], width = 48): string {
  const spans = timings.flatMap(toSpan).sort((a, b) => a.from - b.from);
  const [first] = spans;
  if (first === undefined) return '';
  const begin = first.from;
  const end = Math.max(...spans.map((span) => span.to));
  const cellsPerMs = width / Math.max(end - begin, Number.EPSILON);
  const labelWidth = Math.max(...spans.map((span) => span.stage.length)) + 2;
  const rows = spans.map((span) => {
    const from = Math.min(width - 1, Math.floor((span.from - begin) * cellsPerMs));
    const to = Math.max(from + 1, Math.min(width, Math.round((span.to - begin) * cellsPerMs)));
    const drawn = ' '.repeat(from) + '█'.repeat(to - from);
    return `  ${span.stage.padEnd(labelWidth)}|${drawn.padEnd(width)}| ${formatMs(span.to - span.from)}`;
  });
  return [`Timeline, ${formatMs(end - begin)} in all:`, ...rows, `  ${overlap(spans)}`].join('\n');
}

/** The largest set of stages that ran at one moment: it is complete at the moment the last of them starts. */
function overlap(spans: readonly Span[]): string {
  let largest: readonly Span[] = [];
  for (const { from } of spans) {
    const running = spans.filter((span) => span.from <= from && from < span.to);
    if (running.length > largest.length) largest = running;
  }
  if (largest.length < 2) return 'Nothing overlapped.';
  return `At the same time: ${largest.map((span) => span.stage).join(', ')}.`;
}

function toSpan({ stage, startedAt, durationMs }: StageTiming): Span[] {
  return startedAt === null || durationMs === null ? [] : [{ stage, from: startedAt, to: startedAt + durationMs }];
}
