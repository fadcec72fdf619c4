import { isLogged, type LogFields, type LogLevel, type StageflowLogger, silentLogger } from '../events/index.js';
import type { CompiledStage } from './compiled-stage.js';
import { lineageFields } from './lineage.js';
import type { RunState } from './run-state.js';

/** What a stage logs through: every line says whose it is, and none holds a secret of the run. */
export function stageLogger(run: RunState, writer: CompiledStage): StageflowLogger {
  return run.parts.logger === silentLogger ? silentLogger : new StageLogger(run, writer, null);
}

/** Small, because one is made whenever a stage asks for it: all else waits for a line whose level is written. */
class StageLogger implements StageflowLogger {
  readonly #run: RunState;
  readonly #writer: CompiledStage;
  /** What is below this one; null until something is written, for the logger of the stage itself. */
  #target: StageflowLogger | null;

  constructor(run: RunState, writer: CompiledStage, target: StageflowLogger | null) {
    this.#run = run;
    this.#writer = writer;
    this.#target = target;
  }

  isEnabled(level: LogLevel): boolean {
    return isLogged(this.#target ?? this.#run.parts.logger, level);
  }

  debug(message: string, fields?: LogFields): void {
    if (this.isEnabled('debug')) this.#lines().debug(...this.#masked(message, fields));
  }

  info(message: string, fields?: LogFields): void {
    if (this.isEnabled('info')) this.#lines().info(...this.#masked(message, fields));
  }

  warn(message: string, fields?: LogFields): void {
    if (this.isEnabled('warn')) this.#lines().warn(...this.#masked(message, fields));
  }

  error(message: string, fields?: LogFields): void {
    if (this.isEnabled('error')) this.#lines().error(...this.#masked(message, fields));
  }

  child(fields: LogFields): StageflowLogger {
    const masker = this.#run.maskerFor(this.#writer);
    const target = this.#lines().child(masker === null ? fields : masker.fields(fields));
    return new StageLogger(this.#run, this.#writer, target);
  }

  #lines(): StageflowLogger {
    this.#target ??= this.#run.parts.logger.child(idsOf(this.#run, this.#writer));
    return this.#target;
  }

  #masked(message: string, fields: LogFields | undefined): [message: string, fields?: LogFields] {
    const masker = this.#run.maskerFor(this.#writer);
    if (masker === null) return fields === undefined ? [message] : [message, fields];
    return fields === undefined ? [masker.text(message)] : [masker.text(message), masker.fields(fields)];
  }
}

/** Ids only: there is nothing to mask in them. */
function idsOf(run: RunState, writer: CompiledStage): LogFields {
  const { identity } = run.snapshot;
  const { orgId, tenantId } = run.org;
  return {
    runId: identity.runId,
    correlationId: identity.correlationId,
    ...lineageFields(identity),
    pipeline: run.pipeline,
    stage: writer.name,
    ...(orgId === null ? null : { orgId, tenantId }),
  };
}
