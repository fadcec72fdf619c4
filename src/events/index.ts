export type { EventBase, EventError } from './event-base.js';
export { CallbackSink, type EventSink, MemorySink, NoopSink } from './event-sink.js';
export { isLogged, type LogFields, LogLevel, type StageflowLogger, silentLogger } from './logger.js';
export * from './pipeline-event.js';
export * from './recovery-event.js';
export * from './tool-events.js';
