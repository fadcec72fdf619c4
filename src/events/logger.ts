export type LogFields = Readonly<Record<string, unknown>>;

export const LogLevel = { Debug: 'debug', Info: 'info', Warn: 'warn', Error: 'error' } as const;
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** What stageflow and the stages log through (`ctx.logger`). Any winston-, pino- or console-like object can be adapted. */
export interface StageflowLogger {
  /** Whether lines of a level are written anywhere: where it says no, nothing is prepared for them. Default: they are. */
  isEnabled?(level: LogLevel): boolean;
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
  isEnabled: () => false,
  child: () => silentLogger,
});

/** Whether a line of this level is worth preparing. */
export function isLogged(logger: StageflowLogger, level: LogLevel): boolean {
  return logger.isEnabled?.(level) ?? true;
}
