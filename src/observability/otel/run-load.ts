import type { PipelineEvent } from '../../events/index.js';
import type { GraphIndex } from './graph-index.js';

/** What changes by an event. */
export interface LoadChange {
  readonly running: number;
  readonly waiting: number;
}

type OfStage = Extract<PipelineEvent, { readonly stage: string }>;

/**
 * How many stages of one run are in flight, and how many are ready and wait for a place: those whose dependencies have all
 * settled and that have not started.
 */
export class RunLoad {
  readonly #graph: GraphIndex;
  readonly #missing = new Map<string, number>();
  readonly #running = new Set<string>();
  readonly #waiting = new Set<string>();

  constructor(graph: GraphIndex) {
    this.#graph = graph;
    for (const { name, dependsOn } of graph.stages) this.#missing.set(name, dependsOn.length);
  }

  /** The roots are ready at once. */
  begin(): LoadChange {
    return this.#changedBy(() => {
      for (const { name, dependsOn } of this.#graph.stages) if (dependsOn.length === 0) this.#waiting.add(name);
    });
  }

  take(event: OfStage): LoadChange {
    return this.#changedBy(() => {
      switch (event.type) {
        case 'stage.started':
          this.#waiting.delete(event.stage);
          this.#running.add(event.stage);
          break;
        case 'stage.completed':
        case 'stage.failed':
        case 'stage.skipped':
        case 'stage.cancelled':
          this.#settle(event.stage);
          break;
        case 'guard_retry.scheduled':
          this.#reset(new Set(event.stages));
          break;
        default:
      }
    });
  }

  /** Nothing of it is left. */
  end(): LoadChange {
    return this.#changedBy(() => {
      this.#running.clear();
      this.#waiting.clear();
    });
  }

  #settle(stage: string): void {
    this.#running.delete(stage);
    this.#waiting.delete(stage);
    for (const dependent of this.#graph.dependents.get(stage) ?? []) {
      const missing = (this.#missing.get(dependent) ?? 0) - 1;
      this.#missing.set(dependent, missing);
      if (missing === 0 && !this.#running.has(dependent)) this.#waiting.add(dependent);
    }
  }

  /** These are computed again; what they depend on besides has settled. */
  #reset(stages: ReadonlySet<string>): void {
    for (const { name, dependsOn } of this.#graph.stages) {
      if (!stages.has(name)) continue;
      const missing = dependsOn.filter(({ stage }) => stages.has(stage)).length;
      this.#missing.set(name, missing);
      if (missing === 0) this.#waiting.add(name);
      else this.#waiting.delete(name);
    }
  }

  #changedBy(change: () => void): LoadChange {
    const [running, waiting] = [this.#running.size, this.#waiting.size];
    change();
    return { running: this.#running.size - running, waiting: this.#waiting.size - waiting };
  }
}
