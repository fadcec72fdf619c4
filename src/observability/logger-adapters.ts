/* Loggers that an application has already, as a StageflowLogger. None of their packages is loaded here. */
import { type LogFields, LogLevel, type StageflowLogger } from '../events/index.js';

type Line = (message: string, fields: LogFields | undefined) => void;

/** What differs between loggers: how a line is written, and how one asks whether it would be. */
interface Target {
  readonly lines: Readonly<Record<LogLevel, Line>>;
  readonly isEnabled?: ((level: LogLevel) => boolean) | undefined;
}

/** A logger of Nest: `ConsoleLogger`, `Logger`, or any other `LoggerService`. */
export interface NestLoggerLike {
  log(message: any, ...more: any[]): any; // any: as Nest declares it
  error(message: any, ...more: any[]): any;
  warn(message: any, ...more: any[]): any;
  debug?(message: any, ...more: any[]): any;
  verbose?(message: any, ...more: any[]): any;
  // any: Nest's own type of levels has no name outside of Nest.
  isLevelEnabled?(level: any): boolean;
}

/** `console`, or whatever has its four methods. */
export interface ConsoleLike {
  debug(...values: any[]): void; // any: as console declares it
  info(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
}

/** pino, and what is called like it: fields first, then the message. */
export interface PinoLike {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  isLevelEnabled?(level: string): boolean;
}

/**
 * Logs through Nest: message and fields as one object, so that they stay one entry, and the context given.
 * @param context what Nest shows in brackets. Default `stageflow`
 */
export function fromNestLogger(logger: NestLoggerLike, context = 'stageflow'): StageflowLogger {
  const names = { debug: 'debug', info: 'log', warn: 'warn', error: 'error' } as const;
  const line =
    (level: LogLevel): Line =>
    (message, fields) => {
      const given = fields === undefined ? message : { ...fields, message };
      logger[names[level]]?.(given, context);
    };
  return new AdaptedLogger({
    lines: linesOf(line),
    isEnabled: (level) => {
      if (level === LogLevel.Debug && logger.debug === undefined) return false;
      return logger.isLevelEnabled?.(names[level]) ?? true;
    },
  });
}

/** Logs through `console` or the like: message first, then the fields as an object. Recognises pino by its `bindings`. */
export function fromConsole(logger: ConsoleLike | PinoLike): StageflowLogger {
  if (isPino(logger)) return fromPino(logger);
  const target = logger as ConsoleLike;
  const line =
    (level: LogLevel): Line =>
    (message, fields) =>
      fields === undefined ? target[level](message) : target[level](message, fields);
  return new AdaptedLogger({ lines: linesOf(line) });
}

/** Logs through pino: fields first, then the message. */
export function fromPino(logger: PinoLike): StageflowLogger {
  const line =
    (level: LogLevel): Line =>
    (message, fields) =>
      logger[level](fields ?? {}, message);
  const isEnabled =
    logger.isLevelEnabled === undefined ? undefined : (level: LogLevel) => logger.isLevelEnabled?.(level) ?? true;
  return new AdaptedLogger({ lines: linesOf(line), isEnabled });
}

function isPino(logger: object): logger is PinoLike {
  const { bindings, isLevelEnabled } = logger as Readonly<Record<string, unknown>>;
  return typeof bindings === 'function' && typeof isLevelEnabled === 'function';
}

function linesOf(line: (level: LogLevel) => Line): Readonly<Record<LogLevel, Line>> {
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}

class AdaptedLogger implements StageflowLogger {
  readonly #target: Target;
  readonly #bound: LogFields | undefined;

  constructor(target: Target, bound?: LogFields) {
    this.#target = target;
    this.#bound = bound;
  }

  isEnabled(level: LogLevel): boolean {
    return this.#target.isEnabled?.(level) ?? true;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write('error', message, fields);
  }

  child(fields: LogFields): StageflowLogger {
    return new AdaptedLogger(this.#target, { ...this.#bound, ...fields });
  }

  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (!this.isEnabled(level)) return;
    const all =
      this.#bound === undefined || fields === undefined ? (fields ?? this.#bound) : { ...this.#bound, ...fields };
    this.#target.lines[level](message, all);
  }
}
