import {
  type InlineInterceptor,
  InterceptorPriority,
  InterceptorRole,
  type StageContext,
  type StageOutput,
  type StageStatus,
} from '../stage/index.js';

/** Counts and measures. */
export interface StageMeter {
  /** @param durationMs of all attempts and the waits between them */
  stageEnded(ctx: StageContext, status: StageStatus, durationMs: number): void;
}

/** Tells a meter how each stage ended and how long it took. */
export class MetricsInterceptor implements InlineInterceptor<void> {
  readonly priority = InterceptorPriority.Observability;
  readonly role = InterceptorRole.Observer;
  readonly #meter: StageMeter;

  constructor(meter: StageMeter) {
    this.#meter = meter;
  }

  after(ctx: StageContext, { status }: StageOutput): void {
    this.#meter.stageEnded(ctx, status, ctx.elapsedMs);
  }
}
