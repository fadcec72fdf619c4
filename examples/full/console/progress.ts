import type { PipelineEvent } from 'stageflow';

/** One line about an event; null for what the story does not tell. */
export function lineOf(event: PipelineEvent): string | null {
  switch (event.type) {
    case 'auth.login':
      return `caller: ${event.principalId} of ${event.orgId}`;
    case 'stage.completed':
      return `${event.stage} is done`;
    case 'stage.skipped':
      return `${event.stage} is skipped`;
    case 'stage.failed':
      return `${event.stage} failed: ${event.error.message}`;
    case 'stage.retry_scheduled':
      return `${event.stage} is tried again: ${event.error.message}`;
    case 'tool.completed':
      return `tool ${event.tool} has run`;
    case 'tool.denied':
      return `tool ${event.tool} is denied: ${event.message}`;
    default:
      return null;
  }
}
