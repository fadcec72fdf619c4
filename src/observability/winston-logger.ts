import type { transport, Logger as Winston } from 'winston';
import type { LogFields, LogLevel, StageflowLogger } from '../events/index.js';

type WinstonModule = typeof import('winston');

/** Loaded when a logger is made: it takes longer than everything else here. */
function loadWinston(): WinstonModule {
  return process.getBuiltinModule('node:module').createRequire(import.meta.url)('winston') as WinstonModule;
}

export interface WinstonLoggerOptions {
  /** Lines below it are neither prepared nor written. Default `info`. */
  readonly level?: LogLevel;
  /** On every line, such as the name of the service. */
  readonly fields?: LogFields;
  /** Where lines go. Default: one JSON object a line on standard output. */
  readonly transports?: readonly transport[];
  /** A logger of yours, with its own level, format and transports; the other options but `fields` mean nothing then. */
  readonly logger?: Winston;
}

/**
 * The logger to give an application that has none yet: structured JSON through winston, one object a line.
 *
 * Whether a level is written is the level of the winston logger; change it while the program runs, by `logger.level`, and it
 * holds from the next line on.
 */
export function winstonLogger(options: WinstonLoggerOptions = {}): StageflowLogger {
  return new WinstonLogger(options.logger ?? jsonLogger(options), options.fields ?? {});
}

function jsonLogger({ level = 'info', transports }: WinstonLoggerOptions): Winston {
  const winston = loadWinston();
  const { combine, errors, json, timestamp } = winston.format;
  return winston.createLogger({
    level,
    format: combine(errors({ stack: true }), timestamp(), json()),
    transports: transports === undefined ? [new winston.transports.Console()] : [...transports],
  });
}

/** Children share the winston logger and differ in fields: a child of winston costs more than a line. */
class WinstonLogger implements StageflowLogger {
  readonly #logger: Winston;
  readonly #fields: LogFields;
  readonly #written: WrittenLevels;

  constructor(logger: Winston, fields: LogFields, written = new WrittenLevels(logger)) {
    this.#logger = logger;
    this.#fields = fields;
    this.#written = written;
  }

  isEnabled(level: LogLevel): boolean {
    return this.#written.has(level);
  }

  debug(message: string, fields?: LogFields): void {
    if (this.#written.has('debug')) this.#write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    if (this.#written.has('info')) this.#write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    if (this.#written.has('warn')) this.#write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    if (this.#written.has('error')) this.#write('error', message, fields);
  }

  child(fields: LogFields): StageflowLogger {
    return new WinstonLogger(this.#logger, { ...this.#fields, ...fields }, this.#written);
  }

  /** As one object: winston appends the `message` of a second one to the text, and takes its `level` for the level. */
  #write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    const { level: ownLevel, message: ownMessage, ...rest } = { ...this.#fields, ...fields } as Record<string, unknown>;
    const kept = {
      ...(ownLevel === undefined ? null : { 'fields.level': ownLevel }),
      ...(ownMessage === undefined ? null : { 'fields.message': ownMessage }),
    };
    this.#logger.log({ ...rest, ...kept, level, message });
  }
}

/** The levels a winston logger writes, worked out again when its level changes: asking winston costs as much as a stage. */
class WrittenLevels {
  readonly #logger: Winston;
  #level: string | null = null;
  #levels: ReadonlySet<LogLevel> = new Set();

  constructor(logger: Winston) {
    this.#logger = logger;
  }

  has(level: LogLevel): boolean {
    if (this.#logger.level !== this.#level) {
      this.#level = this.#logger.level;
      const all: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];
      this.#levels = new Set(all.filter((one) => this.#logger.isLevelEnabled(one)));
    }
    return this.#levels.has(level);
  }
}
