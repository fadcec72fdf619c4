export * from './agent-events.js';
export * from './approval-events.js';
export { BufferedSink, type BufferedSinkOptions, DropPolicy } from './buffered-sink.js';
export type { EventBase, EventError, RunLineage } from './event-base.js';
export {
  CallbackSink,
  type EventSink,
  MemorySink,
  NoopSink,
  type OpeningStage,
  type RequestHeaders,
  type RunOpening,
} from './event-sink.js';
export * from './item-events.js';
export { isLogged, type LogFields, LogLevel, type StageflowLogger, silentLogger } from './logger.js';
export { LoggingSink, type LoggingSinkOptions } from './logging-sink.js';
export * from './pipeline-event.js';
export * from './recovery-event.js';
export * from './tool-events.js';
