import { isAgentEvent, type PipelineEvent, type PipelineEventType } from '../../events/index.js';
import type { RunSpans } from './run-spans.js';

type Takers = {
  readonly [T in PipelineEventType]?: (run: RunSpans, event: Extract<PipelineEvent, { readonly type: T }>) => void;
};

/** What each event means for the spans of its run. Progress means nothing: there may be any amount of it. */
const TAKERS: Takers = {
  'stage.started': (run, event) => run.startStage(event.stage, event),
  'stage.completed': (run, { stage, at, attempts }) =>
    run.endStage(stage, at, { 'stageflow.outcome': 'completed', 'stageflow.attempts': attempts }),
  'stage.failed': (run, { stage, at, attempts, error }) =>
    run.endStage(stage, at, { 'stageflow.outcome': 'failed', 'stageflow.attempts': attempts }, error),
  'stage.cancelled': (run, { stage, at, reason }) =>
    run.endStage(stage, at, { 'stageflow.outcome': 'cancelled', 'stageflow.reason': reason }),
  'stage.skipped': (run, { type, stage, at, cause, reason }) => {
    const attributes = {
      'stageflow.outcome': 'skipped',
      'stageflow.skip.cause': cause,
      'stageflow.reason': reason,
    };
    if (!run.endStage(stage, at, attributes)) run.note(null, type, at, { ...attributes, 'stageflow.stage': stage });
  },

  // Not a span for each item: there may be a hundred thousand.
  'stage.item.failed': (run, { type, stage, at, key, attempts, error }) =>
    run.note(stage, type, at, {
      'stageflow.item': key,
      'stageflow.attempts': attempts,
      'error.type': error.code,
      'exception.message': error.message,
    }),
  'stage.retry_scheduled': (run, { type, stage, at, item, attempt, delayMs, error }) =>
    run.note(stage, type, at, {
      ...(item === undefined ? null : { 'stageflow.item': item }),
      'stageflow.attempt': attempt,
      'stageflow.delay_ms': delayMs,
      'error.type': error.code,
      'exception.message': error.message,
    }),
  'stage.retry_exhausted': (run, { type, stage, at, attempts, error }) =>
    run.note(stage, type, at, { 'stageflow.attempts': attempts, 'error.type': error.code }),
  'stage.abandoned': (run, { type, stage, at }) => run.note(stage, type, at, { 'stageflow.stage': stage }),
  'guard_retry.scheduled': (run, { type, stage, at, retryFrom, attempt }) =>
    run.note(null, type, at, {
      'stageflow.stage': stage,
      'stageflow.retry_from': retryFrom,
      'stageflow.attempt': attempt,
    }),
  'access.denied': (run, { type, stage, at, reason }) =>
    run.note(null, type, at, { 'stageflow.stage': stage, 'stageflow.reason': reason }),

  'tool.started': (run, event) => void run.startTool(event),
  'tool.retry_scheduled': (run, event) =>
    run.noteTool(event, {
      'stageflow.attempt': event.attempt,
      'stageflow.delay_ms': event.delayMs,
      'error.type': event.error.code,
      'exception.message': event.error.message,
    }),
  'tool.completed': (run, event) => run.endTool(event, { 'stageflow.outcome': 'completed' }),
  'tool.failed': (run, event) => run.endTool(event, { 'stageflow.outcome': 'failed' }, event.error),
  'tool.cancelled': (run, event) => run.endTool(event, { 'stageflow.outcome': 'cancelled' }),
  'tool.denied': (run, event) => {
    const { type, stage, tool, at, reason } = event;
    const attributes = { 'stageflow.outcome': 'denied', 'stageflow.reason': reason };
    if (!run.endTool(event, attributes)) run.note(stage, type, at, { ...attributes, 'stageflow.tool': tool });
  },

  custom: (run, event) => {
    if (isAgentEvent(event, 'agent.turn')) run.modelTurn(event);
  },

  'pipeline.completed': (run, { at }) => run.endRun(at, { 'stageflow.outcome': 'completed' }),
  'pipeline.cancelled': (run, { at, reason }) =>
    run.endRun(at, { 'stageflow.outcome': 'cancelled', 'stageflow.reason': reason }),
  'pipeline.failed': (run, { at, stage, error }) =>
    run.endRun(
      at,
      { 'stageflow.outcome': 'failed', ...(stage === null ? null : { 'stageflow.failed_stage': stage }) },
      error,
    ),
};

export function takeEvent(run: RunSpans, event: PipelineEvent): void {
  // The table ties each type to its event, which TypeScript does not follow through the look-up.
  const take = TAKERS[event.type] as ((run: RunSpans, event: PipelineEvent) => void) | undefined;
  take?.(run, event);
}
