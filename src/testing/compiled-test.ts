import type { Clock } from '../clock/index.js';
import type { Stageflow } from '../container/index.js';
import type { PipelineEvent } from '../events/index.js';
import type { Class, Token } from '../metadata/index.js';
import type { PipelineRun, RunInput, RunOptions, RunResults } from '../run/index.js';
import type { EventRecorder } from './event-recorder.js';
import { ManualClock } from './manual-clock.js';
import type { RecordedRun } from './recorded-run.js';
import type { WatchedApprovals } from './watched-approvals.js';
import type { WatchedClock } from './watched-clock.js';
import { requireNothingLeft, type WorkLeft } from './work-left.js';

/** What a test has been given to start runs with. */
export interface TestDefaults {
  /** Undefined if runs have to say themselves who calls. */
  readonly caller: Pick<RunInput, 'auth' | 'org'> | undefined;
  readonly input: RunInput;
}

export interface TestParts {
  readonly app: Stageflow;
  readonly module: Class;
  readonly recorder: EventRecorder;
  readonly clock: WatchedClock;
  /** The clock behind it. */
  readonly driven: Clock;
  /** Null if nobody approves anything. */
  readonly approvals: WatchedApprovals | null;
}

/** What a closing application may need of a clock that stands still. */
const CLOSING_STEPS = 10;
const CLOSING_STEP_MS = 60_000;

/** A pipeline under test, with the events of all its runs. */
export class TestPipeline {
  readonly app: Stageflow;
  /** Keeps the events of all runs, and waits for those to come. */
  readonly recorder: EventRecorder;
  readonly #parts: TestParts;
  readonly #defaults: TestDefaults;
  readonly #running = new Map<string, PipelineRun>();
  #closing: Promise<void> | undefined;

  constructor(parts: TestParts, defaults: TestDefaults) {
    this.app = parts.app;
    this.recorder = parts.recorder;
    this.#parts = parts;
    this.#defaults = defaults;
  }

  get events(): readonly PipelineEvent[] {
    return this.recorder.events;
  }

  /** @throws what `Stageflow.run` throws */
  async run(input: RunInput = {}, options?: RunOptions): Promise<RunResults> {
    const { outcome } = await this.record(input, options);
    if (outcome.status !== 'completed') throw outcome.error;
    return outcome.results;
  }

  /** Runs to the end and gives what matchers look at. Never rejects for what the run did. */
  async record(input: RunInput = {}, options?: RunOptions): Promise<RecordedRun> {
    const run = this.start(input, options);
    const outcome = await run.result;
    return { outcome, events: this.recorder.ofRun(run.id) };
  }

  start(input: RunInput = {}, options?: RunOptions): PipelineRun {
    const run = this.app.start(this.#parts.module, this.#input(input), options);
    this.#running.set(run.id, run);
    run.result.finally(() => this.#running.delete(run.id));
    return run;
  }

  /** An instance of the application: a service, or what replaced it. */
  get<T>(token: Token<T>): T {
    return this.app.get(token);
  }

  /** What is alive of the runs so far. Timers count once the application is closed: until then it keeps one of its own. */
  get workLeft(): WorkLeft {
    const { recorder, approvals, clock } = this.#parts;
    const open = approvals?.open ?? [];
    return {
      runs: recorder.openRuns,
      approvals: open.map(({ tool, runId }) => `${tool.name} of run ${runId}`),
      timers: this.#closing === undefined ? 0 : clock.pendingTimers,
    };
  }

  /**
   * Cancels what still runs, and closes the application.
   * @throws TEST_WORK_LEFT if a run, a timer or an approval request was left alive
   */
  close(): Promise<void> {
    this.#closing ??= this.#close(this.workLeft);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(before: WorkLeft): Promise<void> {
    for (const run of this.#running.values()) run.cancel('the test has ended');
    const closing = this.app.close();
    if (before.runs.length > 0) await this.#passTime(closing);
    await closing;
    const after = this.workLeft;
    const approvals = [...new Set([...before.approvals, ...after.approvals])];
    requireNothingLeft({ runs: before.runs, approvals, timers: after.timers });
  }

  /** Stages that do not stop are given up when their grace period is over, which a manual clock has to be told. */
  async #passTime(closing: Promise<void>): Promise<void> {
    const { driven } = this.#parts;
    if (!(driven instanceof ManualClock)) return;
    let isClosed = false;
    const end = (): void => {
      isClosed = true;
    };
    closing.then(end, end);
    for (let step = 0; step < CLOSING_STEPS && !isClosed; step++) await driven.advance(CLOSING_STEP_MS);
  }

  #input(given: RunInput): RunInput {
    const { caller, input } = this.#defaults;
    const isNamed = given.auth !== undefined || given.token !== undefined;
    return { ...input, ...(isNamed ? null : caller), ...given };
  }
}
