import type { HrTime } from '@opentelemetry/api';

/** Milliseconds since 1970 as OpenTelemetry takes them without guessing: a small number it takes for a time of the process. */
export function spanTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1_000);
  return [seconds, Math.round((epochMs - seconds * 1_000) * 1_000_000)];
}
