import type { StoredRun } from '../journal/index.js';
import type { Class, ModuleLike } from '../metadata/index.js';
import type { Pipeline } from '../pipeline/index.js';
import type { StageClass } from '../stage/index.js';
import { JournalTest } from './journal-test.js';
import { type TenantLeaksOptions, type TenantLeaksReport, tenantLeaks } from './tenant-leaks.js';
import { PipelineTest } from './test-pipeline.js';
import { StageTest } from './test-stage.js';
import { TestTokens, type TestTokensOptions } from './test-tokens.js';

/** Where tests begin. */
export const Test = Object.freeze({
  /**
   * A whole pipeline, with providers or stages replaced.
   * @param within the root module of its application, for a pipeline that starts runs of others. Default: itself
   */
  createPipeline(module: Class, within: ModuleLike = module): PipelineTest {
    return new PipelineTest(module, within);
  },
  /**
   * A run that a journal has written down, as a test: a pipeline that starts its runs as that one was started, and replays it.
   * @param run from `journal.read(key)`
   * @throws JOURNAL_INCOMPLETE if what the run was started with was left out
   */
  fromJournal(module: Class, run: StoredRun): JournalTest {
    return new JournalTest(module, run);
  },
  /** One stage alone, with the outputs of its dependencies given. */
  createStage<C extends StageClass>(stage: C): StageTest<C> {
    return new StageTest(stage);
  },
  /** An issuer that signs real tokens, with keys of its own. */
  tokens(options: TestTokensOptions = {}): TestTokens {
    return new TestTokens(options);
  },
  /**
   * Runs many tenants through a pipeline at once and reports whatever of one was seen by another: in events, outputs,
   * failures, errors, logs, and in what `alsoInspect` shows. The caller of each run is verified, as in production. Stages of
   * a module are slowed down at random, so that runs get between each other; those of a builder, where they wait.
   */
  tenantLeaks(pipeline: Class | Pipeline<any>, options: TenantLeaksOptions = {}): Promise<TenantLeaksReport> {
    return tenantLeaks(pipeline, options);
  },
});
