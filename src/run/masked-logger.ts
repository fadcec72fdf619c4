import { isLogged, type LogFields, type LogLevel, type StageflowLogger, silentLogger } from '../events/index.js';
import type { CompiledStage } from './compiled-stage.js';
import type { RunState } from './run-state.js';

/** A logger that writes no secrets of its run; the same logger where nothing is masked or it logs nothing anyway. */
export function maskedLogger(logger: StageflowLogger, run: RunState, writer: CompiledStage): StageflowLogger {
  return logger === silentLogger || run.parts.masking === null ? logger : new MaskedLogger(logger, run, writer);
}

class MaskedLogger implements StageflowLogger {
  readonly #logger: StageflowLogger;
  readonly #run: RunState;
  readonly #writer: CompiledStage;

  constructor(logger: StageflowLogger, run: RunState, writer: CompiledStage) {
    this.#logger = logger;
    this.#run = run;
    this.#writer = writer;
  }

  isEnabled(level: LogLevel): boolean {
    return isLogged(this.#logger, level);
  }

  debug(message: string, fields?: LogFields): void {
    if (this.isEnabled('debug')) this.#logger.debug(...this.#masked(message, fields));
  }

  info(message: string, fields?: LogFields): void {
    if (this.isEnabled('info')) this.#logger.info(...this.#masked(message, fields));
  }

  warn(message: string, fields?: LogFields): void {
    if (this.isEnabled('warn')) this.#logger.warn(...this.#masked(message, fields));
  }

  error(message: string, fields?: LogFields): void {
    if (this.isEnabled('error')) this.#logger.error(...this.#masked(message, fields));
  }

  child(fields: LogFields): StageflowLogger {
    const masker = this.#run.maskerFor(this.#writer);
    return new MaskedLogger(
      this.#logger.child(masker === null ? fields : masker.fields(fields)),
      this.#run,
      this.#writer,
    );
  }

  #masked(message: string, fields: LogFields | undefined): [message: string, fields?: LogFields] {
    const masker = this.#run.maskerFor(this.#writer);
    if (masker === null) return fields === undefined ? [message] : [message, fields];
    return fields === undefined ? [masker.text(message)] : [masker.text(message), masker.fields(fields)];
  }
}
