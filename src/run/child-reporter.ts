import type { RunIdentity } from '../context/index.js';
import type { EventSink, PipelineEvent, RunOpening } from '../events/index.js';
import type { RunOrigin } from './run-origin.js';
import type { RunParts } from './run-parts.js';
import { RunReporter } from './run-reporter.js';

/**
 * Reports a run that a stage has started. Its events go to whoever listens to the run above, where the first of all runs
 * numbers them, and then to the sinks that the run was given itself.
 */
export class ChildReporter extends RunReporter {
  readonly #origin: RunOrigin;

  constructor(
    sinks: readonly EventSink[],
    parts: Pick<RunParts, 'clock' | 'logger' | 'classifier'>,
    pipeline: string,
    identity: RunIdentity,
    origin: RunOrigin,
  ) {
    super(sinks, parts, pipeline, identity, origin);
    this.#origin = origin;
    this.active ||= origin.listening;
  }

  protected override send(event: PipelineEvent): void {
    this.#origin.relay(event);
    if (this.sinks.length > 0) super.send(event);
  }

  override relayOpening(run: RunOpening): void {
    this.#origin.relayOpening(run);
    super.relayOpening(run);
  }

  override relay(event: PipelineEvent): void {
    this.send(event);
  }
}
