export * from './event-base.js';
export { CallbackSink, type EventSink, MemorySink, NoopSink } from './event-sink.js';
export { type LogFields, type StageflowLogger, silentLogger } from './logger.js';
export * from './pipeline-event.js';
export * from './tool-events.js';
