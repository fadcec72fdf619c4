import { type PipelineRegistry, RunnablePipeline } from '../pipeline/index.js';
import type { Engine } from '../run/index.js';
import type { Application } from './application.js';

/** Closing it leaves the application, which it belongs to, as it is. */
class PipelineOfApplication extends RunnablePipeline {
  override close(): Promise<void> {
    return Promise.resolve();
  }
}

export function fillRegistry(registry: PipelineRegistry, { pipelines }: Application, engine: Engine): void {
  for (const [module, bound] of pipelines) {
    registry.register(new PipelineOfApplication(bound, engine), { as: module.key });
  }
}
