import type { Class } from '../metadata/index.js';
import type { StageClass } from '../stage/index.js';
import { PipelineTest } from './test-pipeline.js';
import { StageTest } from './test-stage.js';

/** Where tests begin. */
export const Test = Object.freeze({
  /** A whole pipeline, with providers or stages replaced. */
  createPipeline(module: Class): PipelineTest {
    return new PipelineTest(module);
  },
  /** One stage alone, with the outputs of its dependencies given. */
  createStage<C extends StageClass>(stage: C): StageTest<C> {
    return new StageTest(stage);
  },
});
