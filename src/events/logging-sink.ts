import type { EventSink } from './event-sink.js';
import { isLogged, LogLevel, type StageflowLogger } from './logger.js';
import type { PipelineEvent, PipelineEventType } from './pipeline-event.js';

export interface LoggingSinkOptions {
  /** The level of events that report nothing wrong. Default `debug`. */
  readonly level?: LogLevel;
}

/** What somebody should look at. */
const LEVELS: Readonly<Partial<Record<PipelineEventType, LogLevel>>> = {
  'pipeline.failed': LogLevel.Error,
  'pipeline.cancelled': LogLevel.Warn,
  'stage.failed': LogLevel.Warn,
  'stage.retry_exhausted': LogLevel.Warn,
  'stage.item.failed': LogLevel.Warn,
  'stage.abandoned': LogLevel.Warn,
  'stage.compensation_failed': LogLevel.Error,
  'guard_retry.exhausted': LogLevel.Warn,
  'interceptor.failed': LogLevel.Warn,
  'cleanup.failed': LogLevel.Warn,
  'auth.failure': LogLevel.Warn,
  'access.denied': LogLevel.Warn,
  'tenant.access_denied': LogLevel.Warn,
  'tool.failed': LogLevel.Warn,
  'tool.denied': LogLevel.Warn,
  'tool.record_failed': LogLevel.Error,
};

/** Writes every event as a line: its type as the message, all it says as fields. */
export class LoggingSink implements EventSink {
  readonly #logger: StageflowLogger;
  readonly #level: LogLevel;

  constructor(logger: StageflowLogger, { level = LogLevel.Debug }: LoggingSinkOptions = {}) {
    this.#logger = logger;
    this.#level = level;
  }

  emit(event: PipelineEvent): void {
    const level = LEVELS[event.type] ?? this.#level;
    if (!isLogged(this.#logger, level)) return;
    const { type, ...fields } = event;
    this.#logger[level](type, fields);
  }
}
