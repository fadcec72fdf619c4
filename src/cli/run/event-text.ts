import type { EventError, PipelineEvent } from '../../events/index.js';
import { duration } from '../output/duration.js';
import type { Palette } from '../output/palette.js';
import { plainText } from '../output/plain-text.js';

/** What a line of progress begins with, all of one width. */
type Mark = 'start' | 'ok' | 'skip' | 'fail' | 'cancel' | 'retry' | 'tool' | 'ask' | 'warn';

/** One event as a line for people; null for those that say nothing new. */
export function eventText(event: PipelineEvent, palette: Palette): string | null {
  const line = lineOf(event);
  if (line === null) return null;
  const [mark, text] = line;
  return `${paint(mark, palette)(mark.padEnd(6))} ${plainText(text)}`;
}

/** A stage with the stages that led to it, where the run was started by one. */
export function stageLabel(event: Pick<PipelineEvent, 'lineage'> & { readonly stage: string }): string {
  return [...event.lineage.path, event.stage].join(' > ');
}

function lineOf(event: PipelineEvent): readonly [Mark, string] | null {
  switch (event.type) {
    case 'stage.started':
      return ['start', stageLabel(event)];
    case 'stage.completed':
      return ['ok', `${stageLabel(event)} in ${duration(event.durationMs)}${attempts(event.attempts)}`];
    case 'stage.skipped':
      return ['skip', `${stageLabel(event)}: ${event.reason}`];
    case 'stage.failed':
      return ['fail', `${stageLabel(event)} after ${duration(event.durationMs)}: ${errorText(event.error)}`];
    case 'stage.cancelled':
      return ['cancel', `${stageLabel(event)} after ${duration(event.durationMs)}: ${event.reason}`];
    case 'stage.retry_scheduled':
      return ['retry', `${stageLabel(event)} in ${duration(event.delayMs)}: ${errorText(event.error)}`];
    case 'guard_retry.scheduled':
      return ['retry', `${stageLabel(event)} sends the run back to ${event.retryFrom}`];
    case 'stage.abandoned':
      return ['warn', `${stageLabel(event)} did not stop within ${duration(event.graceMs)}`];
    case 'cleanup.failed':
      return ['warn', `a cleanup of ${stageLabel(event)} failed: ${errorText(event.error)}`];
    case 'interceptor.failed':
      return ['warn', `${event.interceptor} failed around ${stageLabel(event)}: ${errorText(event.error)}`];
    default:
      return toolLine(event);
  }
}

function toolLine(event: PipelineEvent): readonly [Mark, string] | null {
  switch (event.type) {
    case 'tool.completed':
      return ['tool', `${event.tool} of ${stageLabel(event)} in ${duration(event.durationMs)}`];
    case 'tool.failed':
      return ['tool', `${event.tool} of ${stageLabel(event)} failed: ${errorText(event.error)}`];
    case 'tool.denied':
      return ['tool', `${event.tool} of ${stageLabel(event)} was denied: ${event.message}`];
    case 'approval.requested':
      return ['ask', `${event.tool} of ${stageLabel(event)} waits for approval ${event.requestId}`];
    case 'approval.decided':
      return ['ask', `${event.tool} of ${stageLabel(event)}: ${event.status} by ${event.decidedBy ?? 'nobody'}`];
    default:
      return null;
  }
}

function attempts(count: number): string {
  return count > 1 ? `, ${count} attempts` : '';
}

function errorText({ code, message }: EventError): string {
  return `${message} (${code})`;
}

function paint(mark: Mark, { good, bad, warn, faint }: Palette): (text: string) => string {
  if (mark === 'ok') return good;
  if (mark === 'fail') return bad;
  return mark === 'start' || mark === 'skip' || mark === 'tool' ? faint : warn;
}
