import type { EventError, OpeningStage, PipelineEvent } from '../events/index.js';
import { type StageWideEvent, type ToolCounts, WideStageStatus } from './wide-event.js';

type Counts = { -readonly [K in keyof ToolCounts]: number };
type OfStage = Extract<PipelineEvent, { readonly stage: string }>;

/** What is gathered about one stage while its run goes on. */
export class WideStage {
  readonly name: string;
  readonly kind: string;
  status: WideStageStatus = WideStageStatus.NotStarted;
  retries = 0;
  readonly tools: Counts = { completed: 0, failed: 0, denied: 0, cancelled: 0 };
  #durationMs = 0;
  #executions = 0;
  #attempts = 0;
  #reason: string | null = null;
  #error: EventError | null = null;
  #abandoned = false;
  #at = 0;

  constructor({ name, kind }: Pick<OpeningStage, 'name' | 'kind'>) {
    this.name = name;
    this.kind = kind;
  }

  take(event: OfStage): void {
    switch (event.type) {
      case 'stage.started':
        this.#executions++;
        break;
      case 'stage.completed':
        this.#ended(event, WideStageStatus.Completed, event.durationMs, event.attempts);
        break;
      case 'stage.failed':
        this.#ended(event, WideStageStatus.Failed, event.durationMs, event.attempts);
        this.#error = event.error;
        break;
      case 'stage.cancelled':
        this.#ended(event, WideStageStatus.Cancelled, event.durationMs, this.#attempts);
        this.#reason = event.reason;
        break;
      case 'stage.skipped':
        this.#ended(event, WideStageStatus.Skipped, 0, this.#attempts);
        this.#reason = event.reason;
        break;
      case 'stage.retry_scheduled':
        this.retries++;
        if (event.item === undefined) this.#attempts = event.attempt;
        break;
      case 'stage.abandoned':
        this.#abandoned = true;
        break;
      default:
        this.#countTool(event);
    }
  }

  #countTool({ type }: OfStage): void {
    if (type === 'tool.completed') this.tools.completed++;
    else if (type === 'tool.failed') this.tools.failed++;
    else if (type === 'tool.denied') this.tools.denied++;
    else if (type === 'tool.cancelled') this.tools.cancelled++;
  }

  /** The last end counts: a guard that failed, and passes when asked again, has passed. */
  #ended({ at }: OfStage, status: WideStageStatus, durationMs: number, attempts: number): void {
    this.status = status;
    this.#at = at;
    this.#durationMs += durationMs;
    this.#attempts = attempts;
    this.#reason = null;
    this.#error = null;
  }

  toEvent(ids: Omit<StageWideEvent, keyof Own>): StageWideEvent {
    const own: Own = {
      type: 'stage.wide',
      stage: this.name,
      kind: this.kind,
      status: this.status,
      durationMs: this.#durationMs,
      executions: this.#executions,
      attempts: this.#attempts,
      retries: this.retries,
      reason: this.#reason,
      error: this.#error,
      abandoned: this.#abandoned,
      tools: { ...this.tools },
    };
    return { ...ids, ...own, at: this.#at === 0 ? ids.at : this.#at };
  }
}

type Own = Omit<StageWideEvent, 'runId' | 'parentRunId' | 'correlationId' | 'pipeline' | 'at'>;
