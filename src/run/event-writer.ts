/* What every event of a run has, and how secrets stay out of it. */
import type { Clock } from '../clock/index.js';
import type { RunIdentity } from '../context/index.js';
import type { ErrorClassifier } from '../errors/index.js';
import type {
  CallerEvent,
  EventBase,
  EventError,
  EventSink,
  ItemEvent,
  IterationCompleted,
  OpeningStage,
  PipelineEvent,
  RecoveryEvent,
  RequestHeaders,
  RunLineage,
  RunOpening,
} from '../events/index.js';
import { messageOf, type StageFailure } from '../stage/index.js';
import { classifyWith } from './classify.js';
import type { CompiledStage } from './compiled-stage.js';
import { EventDelivery } from './event-delivery.js';
import { lineageOf } from './lineage.js';
import type { RunMasker } from './run-masker.js';
import type { RunOrigin } from './run-origin.js';
import type { RunParts } from './run-parts.js';

/** What a reporter asks about secrets. */
interface Masked {
  maskerFor(writer: CompiledStage | null): RunMasker | null;
}

/** What the reporters of all runs share. */
type ReporterParts = Pick<RunParts, 'clock' | 'logger' | 'classifier'>;

/** Events that are made by whoever reports them. */
type RareEvent = CallerEvent | RecoveryEvent | ItemEvent | IterationCompleted;

/** Of each event what is not in every one. */
type OwnFields<E extends EventBase> = E extends unknown ? Omit<E, keyof EventBase> : never;

// Fields are protected by type only: reading a `#field` costs more than what most methods do.
export abstract class EventWriter extends EventDelivery {
  protected readonly clock: Clock;
  protected readonly classifier: ErrorClassifier;
  /** Wall-clock time of the clock's zero. */
  protected readonly epoch: number;
  protected readonly pipeline: string;
  protected readonly parentRunId: string | null;
  /** The same object in all events. */
  readonly lineage: RunLineage;
  /** What started the run; null for one that no stage started. */
  readonly origin: RunOrigin | null;
  protected run: Masked | null = null;
  protected sequence = 0;
  /** Whether anybody listens. Ask before calling on a hot path. */
  active: boolean;

  constructor(
    sinks: readonly EventSink[],
    { clock, logger, classifier }: ReporterParts,
    pipeline: string,
    identity: RunIdentity,
    origin: RunOrigin | null = null,
  ) {
    super(sinks, logger, identity);
    this.active = sinks.length > 0;
    this.clock = clock;
    this.classifier = classifier;
    this.epoch = clock.toEpochMs(0);
    this.pipeline = pipeline;
    this.parentRunId = identity.parentRunId;
    this.lineage = lineageOf(identity, origin);
    this.origin = origin;
  }

  /** Whose secrets have to be masked in what is said. */
  reportsOn(run: Masked): void {
    this.run = run;
  }

  /** Tells the sinks that ask for it what is about to run. */
  open(stages: readonly OpeningStage[], headers: RequestHeaders | null): void {
    this.relayOpening({ runId: this.runId, pipeline: this.pipeline, stages, headers });
  }

  /** The same of a run that a stage of this one starts, or one below it. */
  relayOpening(run: RunOpening): void {
    for (const sink of this.sinks) {
      if (sink.open === undefined) continue;
      try {
        sink.open(run);
      } catch (error) {
        this.sinkFailed(sink, 'open', error);
      }
    }
  }

  /** An event of a run that a stage of this one has started, or that came from one: it takes its place in the order of this run. */
  relay(event: PipelineEvent): void {
    (event as { sequence: number }).sequence = ++this.sequence;
    this.send(event);
  }

  /** The run has ended: what a stage that outlived it still reports is dropped. */
  close(): void {
    this.active = false;
  }

  protected masked(text: string, writer: CompiledStage | null): string {
    const masker = this.run === null ? null : this.run.maskerFor(writer);
    return masker === null ? text : masker.text(text);
  }

  /** A failure as events show it: without secrets. */
  errorOf(failure: StageFailure, writer: CompiledStage | null): EventError {
    const message = this.masked(messageOf(failure.error), writer);
    const { category, retryable } = classifyWith(this.classifier, failure, this.epoch + this.clock.now());
    return { code: failure.code, message, category, retryable };
  }

  /**
   * What happens rarely, with the time of now.
   * @param own made for this call: it becomes the event, since a spread of two objects takes microseconds
   */
  rare(own: OwnFields<RareEvent>): void {
    if (this.active) this.send(Object.assign(own, this.base(this.clock.now())) as RareEvent);
  }

  protected base(at: number) {
    return {
      sequence: ++this.sequence,
      runId: this.runId,
      parentRunId: this.parentRunId,
      correlationId: this.correlationId,
      lineage: this.lineage,
      pipeline: this.pipeline,
      at: this.epoch + at,
    };
  }
}
