export { FileSink, type FileSinkOptions } from './file-sink.js';
export {
  type ConsoleLike,
  fromConsole,
  fromNestLogger,
  fromPino,
  type NestLoggerLike,
  type PinoLike,
} from './logger-adapters.js';
export { SSE_HEADERS, type SseOptions, toSse, writeSse } from './sse.js';
export {
  type PipelineWideEvent,
  type StageWideEvent,
  type ToolCounts,
  type WideEvent,
  WideStageStatus,
} from './wide-event.js';
export { type WideEventsOptions, wideEvents } from './wide-events.js';
export { type WinstonLoggerOptions, winstonLogger } from './winston-logger.js';
