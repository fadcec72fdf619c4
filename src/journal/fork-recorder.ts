import type {
  BoundPipeline,
  Decision,
  ItemLog,
  ProviderCallLog,
  RecordedRun,
  RecordedStage,
  RunRecorder,
  StageExecution,
} from '../run/index.js';
import type { StageOutput } from '../stage/index.js';
import type { ToolCallLog } from '../tools/index.js';
import { ChildRecorder } from './child-recorder.js';
import type { RunHistory } from './run-history.js';

/** Follows a run that takes its beginning from another: what it takes over is written down as its own. */
export class ForkRecorder implements RunRecorder {
  readonly #history: RunHistory;
  readonly #override: ReadonlyMap<string, object>;
  /** Null if nobody writes it down. */
  readonly #own: RunRecorder | null;

  constructor(history: RunHistory, override: ReadonlyMap<string, object>, own: RunRecorder | null) {
    this.#history = history;
    this.#override = override;
    this.#own = own;
  }

  get toolCalls(): ToolCallLog | null {
    return this.#own?.toolCalls ?? null;
  }

  get items(): ItemLog | null {
    return this.#own?.items ?? null;
  }

  get providerCalls(): ProviderCallLog | null {
    return this.#own?.providerCalls ?? null;
  }

  opened(run: RecordedRun): Promise<void> | null {
    const refusal = this.#history.refusalOf(run.auth, run.org);
    return refusal === null ? (this.#own?.opened(run) ?? null) : Promise.reject(refusal);
  }

  restore(run: RecordedRun, { stage }: StageExecution): RecordedStage | null {
    const round = run.loops?.rounds ?? 1;
    const recorded = this.#history.settled(stage.name, round);
    const data = this.#override.get(stage.name);
    return data === undefined ? recorded : { ...(recorded ?? NOTHING), ...OK, stage: stage.name, round, data };
  }

  starting(run: RecordedRun, execution: StageExecution): Promise<void> | StageOutput | null {
    return this.#own?.starting(run, execution) ?? null;
  }

  child(run: RecordedRun, execution: StageExecution, pipeline: BoundPipeline): RunRecorder {
    return this.#own?.child(run, execution, pipeline) ?? new ChildRecorder(() => null);
  }

  settled(run: RecordedRun, execution: StageExecution): void {
    this.#own?.settled(run, execution);
  }

  ended(run: RecordedRun, decision: Decision | null): Promise<void> | null {
    return this.#own?.ended(run, decision) ?? null;
  }
}

const OK = { status: 'ok', reason: null, skipCause: null, failure: null, endsRun: false } as const;
const NOTHING = { attempts: 0, startedAt: null, durationMs: 0, bag: [], artifacts: [] };
