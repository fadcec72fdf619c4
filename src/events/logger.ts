export type LogFields = Readonly<Record<string, unknown>>;

/** What stageflow and the stages log through (`ctx.logger`). Any winston-, pino- or console-like object can be adapted. */
export interface StageflowLogger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to every line. */
  child(fields: LogFields): StageflowLogger;
}

/** Logs nothing: the default of the engine, which never writes to the console by itself. */
export const silentLogger: StageflowLogger = Object.freeze({
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
});
