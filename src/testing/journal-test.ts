import { fixtureOf, type ReplayOptions, type ReplayReport, replay, type StoredRun } from '../journal/index.js';
import type { Class } from '../metadata/index.js';
import { type TestDefaults, type TestParts, TestPipeline } from './compiled-test.js';
import { PipelineTest } from './test-pipeline.js';

/** Prepares a pipeline to be tested with a run that was written down: what it was started with, and for whom. */
export class JournalTest extends PipelineTest {
  readonly #run: StoredRun;

  /** @throws JOURNAL_INCOMPLETE if what the run was started with was left out */
  constructor(module: Class, run: StoredRun) {
    super(module);
    const { input, auth, org } = fixtureOf(run);
    this.withInput(input).withAuth(auth, org);
    this.#run = run;
  }

  override async compile(): Promise<JournalTestPipeline> {
    return new JournalTestPipeline(await this.build(), this.defaults, this.#run);
  }
}

/** A pipeline under test, and the run it is compared with. */
export class JournalTestPipeline extends TestPipeline {
  /** What was written down. */
  readonly recorded: StoredRun;

  constructor(parts: TestParts, defaults: TestDefaults, recorded: StoredRun) {
    super(parts, defaults);
    this.recorded = recorded;
  }

  /**
   * Runs the recorded run again with what is replaced in this test, and says where it comes to something else. Stages of kind
   * work and agent, recorded providers and tools are not called: they answer as they did then.
   */
  replay(options: ReplayOptions = {}): Promise<ReplayReport> {
    return replay(this.app, this.recorded, options);
  }
}
