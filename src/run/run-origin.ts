import type { PipelineEvent, RunOpening } from '../events/index.js';
import type { RunMasker } from './run-masker.js';

/** The stage that started a run, as the run sees it. */
export interface RunOrigin {
  /** The stages that led to the run, from the first run down. */
  readonly path: readonly string[];
  /** The item that it was started for, without secrets; null if for none. */
  readonly item: string | null;
  /** Somebody listens to the run above. */
  readonly listening: boolean;
  /** Hands what is about to run to whoever listens to the run above and asks for it. */
  relayOpening(run: RunOpening): void;
  /** Hands an event to whoever listens to the run above; the first run gives it its number. */
  relay(event: PipelineEvent): void;
  /** Takes the secrets out that the stage knows; null where nothing is masked. */
  masker(): RunMasker | null;
}
