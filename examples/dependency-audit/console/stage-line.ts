import type { PipelineEvent } from 'stageflow';
import { formatMs } from '../../support/format-ms.js';

export type StageEvent = Extract<PipelineEvent, { readonly stage: string; readonly type: `stage.${string}` }>;

/** What there is to say about a stage after an event; null if the event changes nothing that is shown. */
export function stageLine(event: StageEvent): string | null {
  switch (event.type) {
    case 'stage.started':
      return 'started';
    case 'stage.completed':
      return `done in ${formatMs(event.durationMs)}`;
    case 'stage.failed':
      return `failed: ${event.error.message}`;
    case 'stage.skipped':
      return `skipped: ${event.reason}`;
    case 'stage.cancelled':
      return `stopped: ${event.reason}`;
    default:
      return null;
  }
}

export function isStageEvent(event: PipelineEvent): event is StageEvent {
  return event.type.startsWith('stage.');
}
